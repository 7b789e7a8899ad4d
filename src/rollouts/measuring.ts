import type { Aggregate } from '../metrics/index.js';
import { mergeMeasured, slimText } from '../metrics/index.js';
import type { Call, Clock, Measures } from '../protocol/index.js';
import { CallFailure } from '../protocol/index.js';
import type { Cast } from '../graph/index.js';

/** What other servers compute of the rows of their agents: the hooks of their code are not here. */
export interface Measuring {
  /** Who is asked for an agent's rows; undefined: nobody, all that there is to compute is computed here. */
  serverOf: (agent: string) => Measures | undefined;
  clock: Clock;
  /** Ends the waiting for them. */
  signal: AbortSignal;
  notice: (message: string, level: 'warn') => void;
}

/** Stands for servers that were not started, since nothing is left to play. */
const NOT_STARTED: Measures = {
  measure: () =>
    Promise.reject(new CallFailure('connect_refused', 'nothing is started for a run that is whole')),
};

/** An agent that plays elsewhere knows its environment, or asks it itself. */
export function measuredBy({ agent, environment }: Cast, started: boolean): Measures | undefined {
  const found = [agent, environment].find(({ measure }) => measure !== undefined);
  return found === undefined || started ? found : NOT_STARTED;
}

/** Waits for a server that is away among it. Unit: milliseconds. */
const MOST_MS = 600_000;

/** Rows of agents whose metrics are made elsewhere too. Memory: each row without its long parts. */
export class Measured {
  private readonly rows = new Map<string, string[]>();

  constructor(private readonly measuring: Measuring | undefined) {}

  add(agent: string, line: string): void {
    if (this.measuring?.serverOf(agent) === undefined) return;
    const known = this.rows.get(agent);
    if (known === undefined) this.rows.set(agent, [slimText(line)]);
    else known.push(slimText(line));
  }

  /** Whether anybody has to be asked. */
  get any(): boolean {
    return this.rows.size > 0;
  }

  /** The metrics with what the servers say of theirs; one that cannot be asked costs its own part and a notice. */
  async merge(agents: ReadonlyMap<string, Aggregate>): Promise<Map<string, Aggregate>> {
    const merged = new Map(agents);
    await Promise.all(
      [...this.rows].map(async ([agent, rows]) => {
        const ours = agents.get(agent);
        if (ours !== undefined) merged.set(agent, await this.ask(agent, rows, ours));
      }),
    );
    return merged;
  }

  private async ask(agent: string, rows: readonly string[], ours: Aggregate): Promise<Aggregate> {
    const { serverOf, clock, signal, notice } = this.measuring!;
    const late = new AbortController();
    const off = clock.after(MOST_MS, () => late.abort(new Error(`no answer within ${MOST_MS / 1000} s`)));
    const call: Call = {
      signal: AbortSignal.any([signal, late.signal]),
      deadline: null,
      episodeId: 'metrics',
      rolloutIndex: 0,
      attempts: [],
      onPhase: () => undefined,
    };
    try {
      const body = `{"verify_responses":[${rows.join(',')}]}`;
      const answer = await serverOf(agent)!.measure!(body, call);
      return answer === null ? ours : mergeMeasured(ours, answer);
    } catch (error) {
      const reason = (error as Error).message;
      notice(`metrics of ${agent} are without those that its own server computes: ${reason}`, 'warn');
      return ours;
    } finally {
      off();
    }
  }
}
