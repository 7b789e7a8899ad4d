import type { CallFailure } from '../../protocol/index.js';
import { createBreaker, type Breaker } from '../../models/index.js';
import type { Entity } from '../registry/index.js';
import type { Serving } from './routing.js';

/** Which provider of a model is asked first: those that serve before those in trouble, then the one with the least to do. */
export class Choice {
  private readonly busy = new Map<string, number>();
  private readonly breakers = new Map<string, Breaker>();

  constructor(private readonly now: () => number) {}

  order(servings: readonly Serving[]): readonly Serving[] {
    if (servings.length < 2) return servings;
    const now = this.now();
    const rank = ({ provider: { id } }: Serving): number =>
      this.breakers.get(id)?.ready(now) === false ? 1 : 0;
    const load = ({ provider: { id } }: Serving): number => this.busy.get(id) ?? 0;
    return servings.toSorted((a, b) => rank(a) - rank(b) || load(a) - load(b));
  }

  /** Counts a request until the result is called. */
  begin({ id }: Entity): () => void {
    this.busy.set(id, (this.busy.get(id) ?? 0) + 1);
    this.breakers.get(id)?.admits(this.now());
    return () => {
      const left = (this.busy.get(id) ?? 1) - 1;
      if (left > 0) this.busy.set(id, left);
      else this.busy.delete(id);
    };
  }

  succeeded({ id }: Entity): void {
    this.breakers.get(id)?.succeeded();
  }

  /** An answer of a provider that read the request and refused it says nothing against the provider. */
  failed({ id }: Entity, { kind, details }: CallFailure): void {
    const breaker = this.breakers.get(id) ?? createBreaker();
    this.breakers.set(id, breaker);
    const read =
      details.status !== undefined && details.status < 500 && ![401, 403, 429].includes(details.status);
    if (read) breaker.succeeded();
    else breaker.failed(kind, this.now());
  }
}
