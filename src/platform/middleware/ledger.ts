import type { Clock, JsonObject, MiddlewareEnd } from '../../protocol/index.js';
import { NoWorkspace, Taken, type Registry } from '../registry/index.js';

/** Unit: dollars for a million tokens. */
export interface Prices {
  readonly input: number;
  readonly output: number;
}

export interface Sums {
  readonly requests: number;
  readonly failed: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
}

/** What a budget is for. Days and months are of UTC. */
export const PERIODS = ['total', 'month', 'day'] as const;
export type Period = (typeof PERIODS)[number];

const NOTHING: Sums = { requests: 0, failed: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 };
const KEYS = Object.keys(NOTHING) as (keyof Sums)[];
/** How long what was counted may wait before it is in the database. Unit: ms. */
const WRITE_MS = 1_000;
/** Days and months that are kept by themselves. */
const MOST_DAYS = 62;
const MOST_MONTHS = 24;

/** What was used of each virtual model, by all platforms on a database together, kept over restarts. */
export class Ledger {
  /** Counted and not yet written, by `workspace/name` and the key of the period. */
  private pending = new Map<string, Map<string, Sums>>();
  private writing: Promise<void> = Promise.resolve();
  private stop: (() => void) | undefined;

  constructor(
    private readonly registry: Registry,
    private readonly clock: Clock,
  ) {}

  add(virtualModel: string, { usage, status, complete }: MiddlewareEnd, prices: Prices | null): void {
    const { inputTokens, outputTokens } = usage ?? NOTHING;
    const costUsd = prices === null ? 0 : (inputTokens * prices.input + outputTokens * prices.output) / 1e6;
    const failed = status < 400 && complete ? 0 : 1;
    const more: Sums = { requests: 1, failed, inputTokens, outputTokens, costUsd };
    const of = this.pending.get(virtualModel) ?? new Map<string, Sums>();
    this.pending.set(virtualModel, of);
    for (const period of PERIODS) {
      const key = this.keyOf(period);
      of.set(key, plus(of.get(key) ?? NOTHING, more));
    }
    this.stop ??= this.clock.after(WRITE_MS, () => void this.write());
  }

  /** Of the present day or month, or of all time. */
  spent(virtualModel: string, period: Period): Sums {
    const key = this.keyOf(period);
    return plus(
      this.written(virtualModel)[key] ?? NOTHING,
      this.pending.get(virtualModel)?.get(key) ?? NOTHING,
    );
  }

  /** Every period that is known, by its key: `total`, `2026-11`, `2026-11-21`. */
  all(virtualModel: string): Readonly<Record<string, Sums>> {
    const sums = { ...this.written(virtualModel) };
    for (const [key, more] of this.pending.get(virtualModel) ?? [])
      sums[key] = plus(sums[key] ?? NOTHING, more);
    return sums;
  }

  /** Writes what is counted. Resolves when it is in the database, or that does not answer. */
  async write(): Promise<void> {
    this.stop?.();
    this.stop = undefined;
    this.writing = this.writing.then(() => this.writePending());
    await this.writing;
  }

  private async writePending(): Promise<void> {
    const taken = this.pending;
    this.pending = new Map();
    for (const [virtualModel, more] of taken) {
      try {
        await this.writeOne(virtualModel, more);
      } catch (error) {
        if (error instanceof NoWorkspace) continue;
        // The database is away: it is counted again when it is back.
        const of = this.pending.get(virtualModel) ?? new Map<string, Sums>();
        for (const [key, sums] of more) of.set(key, plus(of.get(key) ?? NOTHING, sums));
        this.pending.set(virtualModel, of);
        this.stop ??= this.clock.after(WRITE_MS, () => void this.write());
      }
    }
  }

  private async writeOne(virtualModel: string, more: ReadonlyMap<string, Sums>): Promise<void> {
    const [workspace, name] = split(virtualModel);
    const add = (data: JsonObject): JsonObject => {
      const sums = { ...(data['sums'] as unknown as Record<string, Sums> | undefined) };
      for (const [key, each] of more) sums[key] = plus(sums[key] ?? NOTHING, each);
      return { sums: recent(sums) as unknown as JsonObject };
    };
    if ((await this.registry.update('usage', workspace, name, add)) !== undefined) return;
    try {
      await this.registry.create('usage', workspace, name, add({}));
    } catch (error) {
      if (!(error instanceof Taken)) throw error;
      await this.registry.update('usage', workspace, name, add);
    }
  }

  private written(virtualModel: string): Record<string, Sums> {
    const [workspace, name] = split(virtualModel);
    const found = this.registry.get('usage', workspace, name);
    return (found?.data['sums'] ?? {}) as unknown as Record<string, Sums>;
  }

  private keyOf(period: Period): string {
    if (period === 'total') return period;
    return new Date(this.clock.now()).toISOString().slice(0, period === 'day' ? 10 : 7);
  }
}

function plus(one: Sums, other: Sums): Sums {
  return Object.fromEntries(KEYS.map((key) => [key, one[key] + other[key]])) as unknown as Sums;
}

function recent(sums: Record<string, Sums>): Record<string, Sums> {
  const keys = Object.keys(sums).toSorted();
  const days = keys.filter((key) => key.length === 10).slice(-MOST_DAYS);
  const months = keys.filter((key) => key.length === 7).slice(-MOST_MONTHS);
  return Object.fromEntries(['total', ...months, ...days].map((key) => [key, sums[key] ?? NOTHING]));
}

function split(id: string): [string, string] {
  const at = id.indexOf('/');
  return [id.slice(0, at), id.slice(at + 1)];
}
