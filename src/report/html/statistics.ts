import { meanInterval, passMajority, type Interval } from '../../metrics/index.js';
import { histogram, type Bar } from './histogram.js';

/** A rollout's state at the end of what is stored. */
export type RolloutStatus = 'scored' | 'failed' | 'masked' | 'owed';

/** What the page says of one agent, all from stored rows. */
export interface AgentStatistics {
  agent: string;
  /** Rollouts: those stored and those the materialized inputs still owe. */
  planned: number;
  scored: number;
  failed: number;
  masked: number;
  owed: number;
  /** Share of planned rollouts that are scored, 0 to 1. */
  coverage: number;
  mean: number | null;
  /** 95 % of the mean; null when too little is scored. */
  interval: Interval | null;
  /** The mean if every missing reward were 0, and if it were 1; null when all are there or rewards leave 0 to 1. */
  bounds: { low: number; high: number } | null;
  /** `[k, pass@k]`, 0 to 1, for every k up to the most repeats; empty without repeats. */
  passAtK: [number, number][];
  rewards: Bar[];
  /** Null when a row does not say. */
  tokens: { input: number | null; output: number | null };
  failures: Record<string, number>;
}

interface Sum {
  value: number | null;
}

const add = (sum: Sum, value: number | null): void => {
  sum.value = sum.value === null || value === null ? null : sum.value + value;
};

/** Gathers one agent's numbers row by row; keeps three numbers per scored rollout. */
export class AgentGatherer {
  private readonly counts = { scored: 0, failed: 0, masked: 0, owed: 0 };
  private readonly rewards: { task: number; rollout: number; reward: number }[] = [];
  private readonly failures = new Map<string, number>();
  private readonly input: Sum = { value: 0 };
  private readonly output: Sum = { value: 0 };

  constructor(private readonly agent: string) {}

  scored(
    task: number,
    rollout: number,
    reward: number,
    usage: { input: number | null; output: number | null },
  ): void {
    this.counts.scored += 1;
    this.rewards.push({ task, rollout, reward });
    add(this.input, usage.input);
    add(this.output, usage.output);
  }

  unscored(status: Exclude<RolloutStatus, 'scored'>, kind: string | null): void {
    this.counts[status] += 1;
    if (status === 'failed' && kind !== null) this.failures.set(kind, (this.failures.get(kind) ?? 0) + 1);
  }

  finish(): AgentStatistics {
    this.rewards.sort((a, b) => a.task - b.task || a.rollout - b.rollout);
    const starts: number[] = [];
    this.rewards.forEach(({ task }, i) => {
      if (i === 0 || task !== this.rewards[i - 1]!.task) starts.push(i);
    });
    starts.push(this.rewards.length);
    const values = Float64Array.from(this.rewards, ({ reward }) => reward);
    const planned = Object.values(this.counts).reduce((sum, n) => sum + n, 0);
    const total = values.reduce((sum, reward) => sum + reward, 0);
    const none = values.length === 0;
    return {
      agent: this.agent,
      planned,
      ...this.counts,
      coverage: planned === 0 ? 0 : values.length / planned,
      mean: none ? null : total / values.length,
      interval: meanInterval({ starts, values }),
      bounds: missingBounds(values, total, planned - this.counts.masked),
      passAtK: passCurve(starts, values),
      rewards: histogram(values),
      tokens: none ? { input: null, output: null } : { input: this.input.value, output: this.output.value },
      failures: Object.fromEntries([...this.failures].sort((a, b) => b[1] - a[1])),
    };
  }
}

function missingBounds(values: Float64Array, total: number, wanted: number): AgentStatistics['bounds'] {
  const missing = wanted - values.length;
  if (missing === 0 || values.some((value) => value < 0 || value > 1)) return null;
  return { low: total / wanted, high: (total + missing) / wanted };
}

function passCurve(starts: readonly number[], rewards: Float64Array): [number, number][] {
  const longest = starts.slice(1).reduce((most, start, i) => Math.max(most, start - starts[i]!), 0);
  if (longest < 2) return [];
  const { metrics } = passMajority({ starts, scores: new Map([['reward', rewards]]), answers: null });
  return Array.from({ length: longest }, (_, i) => [i + 1, metrics[`pass@${i + 1}/reward`]!.valueOf() / 100]);
}
