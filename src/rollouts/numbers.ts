import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { writeWhole } from '../files/index.js';
import type { AggregatorOptions, ScannedRow } from '../metrics/index.js';
import { aggregateFile, createRunAggregator } from '../metrics/index.js';
import type { FailureKind } from '../protocol/index.js';
import { isObject, tokenCount } from '../protocol/index.js';
import type { JudgeUse } from './run/judges.js';
import { storedJudges } from './run/judges.js';
import type { Measuring } from './measuring.js';
import { Measured } from './measuring.js';
import { AgentTally } from './summary.js';
import type { AgentSummary } from './types.js';

/** What the summary needs of a result. */
export interface ResultFacts {
  agent: string;
  task: number;
  rollout: number;
  /** Null: masked, the environment says that the reward is no measurement. */
  reward: number | null;
  /** `response.usage`. */
  usage: unknown;
  /** What its judges used; undefined where none was asked. */
  judges: JudgeUse | undefined;
}

/** The facts of a line that was read back. */
export function factsOf(
  { agent, task, rollout, usage, captured }: ScannedRow,
  reward: number | null,
): ResultFacts {
  return {
    agent,
    task,
    rollout,
    reward,
    usage: Object.fromEntries(usage.map(({ name, value }) => [name, value])),
    judges: storedJudges(captured.get('_ng_run')),
  };
}

/** The numbers of a run, from the lines that are stored and from nothing else. Memory: some numbers per line. */
export class RunNumbers {
  private readonly tallies = new Map<string, AgentTally>();
  private readonly aggregator;
  private readonly measured;
  private stored = 0;

  /** `optionsFor` says what an agent's environment wants computed, `measuring` who else computes some of it. */
  constructor(optionsFor: (agent: string) => AggregatorOptions, measuring?: Measuring) {
    this.aggregator = createRunAggregator(optionsFor);
    this.measured = new Measured(measuring);
  }

  plan(agent: string, rollouts: number): void {
    this.tally(agent).planned += rollouts;
  }

  /** A line of the rollouts file, and what of it is known already. */
  result(line: string, { agent, task, rollout, reward, usage, judges }: ResultFacts): void {
    const told = isObject(usage) ? usage : {};
    const tokens = { input: tokenCount(told['input_tokens']), output: tokenCount(told['output_tokens']) };
    if (reward === null) this.tally(agent).masked(tokens);
    else this.tally(agent).scored(task, rollout, reward, tokens);
    if (judges !== undefined) this.tally(agent).judged(judges);
    this.aggregator.add(line);
    this.measured.add(agent, line);
    this.stored += 1;
  }

  /** A rollout whose last word is a failure. */
  failure(agent: string, kind: FailureKind): void {
    this.tally(agent).failed(kind);
  }

  /** What a rollout cost; null = unknown. */
  cost(agent: string, usd: number | null): void {
    this.tally(agent).cost(usd);
  }

  /** Agents by name. */
  summaries(): AgentSummary[] {
    const names = [...this.tallies.keys()].sort();
    return names.map((name) => this.tallies.get(name)!.finish());
  }

  /**
   * Writes the aggregate metrics, task by task. Without a stored result there is no file, as in the reference. One that is
   * `whole`, since nothing was played since, is kept where other servers would have to be asked again.
   */
  async writeAggregate(file: string, whole: boolean): Promise<boolean> {
    if (this.stored === 0) {
      await rm(file, { force: true });
      return false;
    }
    if (whole && this.measured.any && existsSync(file)) return true;
    await writeWhole(file, aggregateFile(await this.measured.merge(this.aggregator.finish())));
    return true;
  }

  private tally(agent: string): AgentTally {
    const known = this.tallies.get(agent);
    if (known !== undefined) return known;
    const tally = new AgentTally(agent);
    this.tallies.set(agent, tally);
    return tally;
  }
}
