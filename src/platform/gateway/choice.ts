import type { CallFailure, Clock } from '../../protocol/index.js';
import { askCandidate, createBreaker, inTurn, type Breaker } from '../../models/index.js';
import type { Serving } from './routing.js';

/** A provider of a model, with what is known of it from the requests before. */
interface Candidate extends Serving {
  readonly breaker: Breaker;
}

interface Known {
  readonly breaker: Breaker;
  busy: number;
}

/** What a provider says to a path or a name that it does not have is no word on its health. */
const blameless = ({ kind }: CallFailure): boolean => kind === 'not_found';

/** Which provider of a model is asked: the one with the least to do, those in trouble last. */
export class Choice {
  private readonly known = new Map<string, Known>();

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  inTurn(servings: readonly Serving[]): Iterable<Candidate> {
    const candidates = servings.map((serving) => ({
      ...serving,
      breaker: this.of(serving.provider.id).breaker,
    }));
    const load = ({ provider }: Serving): number => this.of(provider.id).busy;
    return inTurn(candidates, { now: this.clock.now(), load, leftAlone: 'last' });
  }

  /** Counts the request while it lasts, `ended` called or not, and learns from how it went. */
  async ask<T>(candidate: Candidate, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
    return await askCandidate(candidate, ask, { clock: this.clock, signal, blameless });
  }

  /** Counts a request at a provider until the result is called. */
  begin({ provider: { id } }: Serving): () => void {
    const known = this.of(id);
    known.busy += 1;
    let over = false;
    return () => {
      if (!over) known.busy -= 1;
      over = true;
    };
  }

  /** Forgets the providers that are gone. */
  keep(present: ReadonlySet<string>): void {
    for (const id of this.known.keys()) if (!present.has(id)) this.known.delete(id);
  }

  private of(id: string): Known {
    let known = this.known.get(id);
    if (known === undefined) this.known.set(id, (known = { breaker: createBreaker(), busy: 0 }));
    return known;
  }
}
