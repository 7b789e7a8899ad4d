import type { FailureKind } from '../protocol/index.js';
import { clusterMeans, passMajority } from '../metrics/index.js';
import type { JudgeUse } from './run/judges.js';
import type { AgentSummary } from './types.js';

/** 1, 2, 4, … and the most repeats that a task has. */
const valuesOfK = (longest: number): number[] => {
  const wanted = [longest];
  for (let k = 1; k < longest; k *= 2) wanted.push(k);
  return wanted.sort((a, b) => a - b);
};

/** A sum that is null once an addend is unknown: an unknown is not a zero. */
class KnownSum {
  private sum: number | null = 0;
  private seen = false;

  add(value: unknown): void {
    this.seen = true;
    this.sum = typeof value === 'number' && this.sum !== null ? this.sum + value : null;
  }

  get total(): number | null {
    return this.seen ? this.sum : null;
  }
}

const WIDTH = 3;

/** Rewards with their indices, 24 bytes each. */
class RewardLog {
  size = 0;
  private cells = new Float64Array(WIDTH * 256);

  add(task: number, rollout: number, reward: number): void {
    const at = this.size * WIDTH;
    if (at === this.cells.length) {
      const grown = new Float64Array(2 * at);
      grown.set(this.cells);
      this.cells = grown;
    }
    this.cells.set([task, rollout, reward], at);
    this.size += 1;
  }

  /** Rewards by task, then rollout, and where each task starts, with the end of the last. */
  sorted(): { starts: number[]; rewards: Float64Array } {
    const cell = (row: number, column: number): number => this.cells[row * WIDTH + column]!;
    const order = Uint32Array.from({ length: this.size }, (_, row) => row).sort(
      (a, b) => cell(a, 0) - cell(b, 0) || cell(a, 1) - cell(b, 1),
    );
    const starts: number[] = [];
    order.forEach((row, i) => {
      if (i === 0 || cell(row, 0) !== cell(order[i - 1]!, 0)) starts.push(i);
    });
    return { starts: [...starts, this.size], rewards: Float64Array.from(order, (row) => cell(row, 2)) };
  }
}

/** Token counts as a reply tells them. */
interface ToldTokens {
  input: unknown;
  output: unknown;
}

/** What the summary says of one agent, gathered row by row; keeps three numbers per scored rollout. */
export class AgentTally {
  planned = 0;
  private readonly log = new RewardLog();
  private readonly failures = new Map<FailureKind, number>();
  private readonly input = new KnownSum();
  private readonly output = new KnownSum();
  private readonly costs = new KnownSum();
  private readonly judges = {
    calls: 0,
    input: new KnownSum(),
    output: new KnownSum(),
    costs: new KnownSum(),
  };
  private maskedRollouts = 0;

  constructor(private readonly agent: string) {}

  scored(task: number, rollout: number, reward: number, usage: ToldTokens): void {
    this.log.add(task, rollout, reward);
    this.tokens(usage);
  }

  /** A rollout whose reward is no measurement: it counts, and it was paid for. */
  masked(usage: ToldTokens): void {
    this.maskedRollouts += 1;
    this.tokens(usage);
  }

  private tokens({ input, output }: ToldTokens): void {
    this.input.add(input);
    this.output.add(output);
  }

  /** Unit: US dollars; null = unknown. */
  cost(usd: number | null): void {
    this.costs.add(usd);
  }

  /** What the judges of a stored rollout used, apart from what the policy did. */
  judged({ calls, input_tokens, output_tokens, cost_usd }: JudgeUse): void {
    this.judges.calls += calls;
    this.judges.input.add(input_tokens);
    this.judges.output.add(output_tokens);
    this.judges.costs.add(cost_usd);
  }

  failed(kind: FailureKind): void {
    this.failures.set(kind, (this.failures.get(kind) ?? 0) + 1);
  }

  private judgeSummary(): NonNullable<AgentSummary['judges']> {
    const { calls, input, output, costs } = this.judges;
    return { calls, tokens: { input: input.total, output: output.total }, costUsd: costs.total };
  }

  finish(): AgentSummary {
    const { starts, rewards } = this.log.sorted();
    const scored = rewards.length;
    const failures = [...this.failures].sort((a, b) => b[1] - a[1]);
    return {
      agent: this.agent,
      planned: this.planned,
      scored,
      failed: failures.reduce((sum, [, count]) => sum + count, 0),
      masked: this.maskedRollouts,
      coverage: this.planned === 0 ? 0 : scored / this.planned,
      meanOverTasks: meanOverTasks(starts, rewards),
      meanReward: scored === 0 ? null : rewards.reduce((sum, reward) => sum + reward, 0) / scored,
      passAtK: passAtK(starts, rewards),
      tokens: { input: this.input.total, output: this.output.total },
      failures: Object.fromEntries(failures),
      costUsd: this.costs.total,
      ...(this.judges.calls > 0 && { judges: this.judgeSummary() }),
    };
  }
}

/** Null without a reward. */
function meanOverTasks(starts: readonly number[], rewards: Float64Array): number | null {
  if (rewards.length === 0) return null;
  const means = clusterMeans({ starts, values: rewards });
  return means.reduce((sum, mean) => sum + mean, 0) / means.length;
}

/** pass@k of the reward, 0 to 1, for 1, 2, 4, … and the most repeats that a task has; empty without repeats. */
function passAtK(starts: readonly number[], rewards: Float64Array): Record<string, number> {
  const longest = starts.reduce(
    (most, start, i) => (i === 0 ? 0 : Math.max(most, start - starts[i - 1]!)),
    0,
  );
  if (longest < 2) return {};
  const { metrics } = passMajority({ starts, scores: new Map([['reward', rewards]]), answers: null });
  return Object.fromEntries(
    valuesOfK(longest).map((k) => [String(k), metrics[`pass@${k}/reward`]!.valueOf() / 100]),
  );
}
