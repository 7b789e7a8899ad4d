import path from 'node:path';
import { writeWhole } from '../../files/index.js';
import { recordedAnswers } from '../../models/index.js';
import type { Environment, JsonObject, ResponsesReply } from '../../protocol/index.js';
import { isObject } from '../../protocol/index.js';
import type { Line, TrialCase } from './case.js';
import { readCases, readLines } from './case.js';
import { TrialJudge } from './judge.js';
import { differencesOf, isSame, playCase, taskOf, updated } from './play.js';
import type { Outcome } from './play.js';
import { existsSync } from 'node:fs';

/** Something that is not as it must be: where, and what. */
export interface TrialFinding {
  /** File below the environment's folder, and line; or the part of the contract. */
  where: string;
  what: string;
}

/** How many of each were looked at, and of them how many are right. */
export interface TrialCount {
  right: number;
  all: number;
}

export interface TrialReport {
  name: string;
  /** The environment's folder; absolute. */
  folder: string;
  rows: TrialCount;
  cases: TrialCount;
  rollouts: TrialCount;
  /** Cases that were played at the same time; 0: none could be. */
  together: number;
  /** As the block declares it; null where it does not. */
  range: readonly [number, number] | null;
  findings: TrialFinding[];
  /** The expectations were written anew. */
  updated: boolean;
}

export interface TrialOptions {
  name: string;
  folder: string;
  range: readonly [number, number] | null;
  /** It answers each reply of the model, and has no single verdict. */
  turns: boolean;
  updateExpected: boolean;
}

const CASES = 'tests/cases.jsonl';
const ROWS = 'data/example.jsonl';
const ROLLOUTS = 'data/example_rollouts.jsonl';
const ANSWERS = 'data/answers.jsonl';

/** The judge of a trial, with the recorded answers of the environment's folder behind it. */
export async function startJudge(folder: string): Promise<TrialJudge> {
  const file = path.join(folder, ANSWERS);
  return TrialJudge.start(existsSync(file) ? await recordedAnswers(file) : undefined);
}

type Rollout = JsonObject & { response: ResponsesReply };

/** One environment on trial: its rows, its cases, its contract and its rollouts. */
export class Trial {
  private readonly findings: TrialFinding[] = [];

  constructor(
    private readonly environment: Environment,
    private readonly judge: TrialJudge,
    private readonly options: TrialOptions,
  ) {}

  async run(): Promise<TrialReport> {
    const { name, folder, range, updateExpected } = this.options;
    const rows = (await readLines<JsonObject>(path.join(folder, ROWS))) ?? [];
    const cases = await readCases(path.join(folder, CASES));
    const rollouts = (await readLines<Rollout>(path.join(folder, ROLLOUTS))) ?? [];
    const report = {
      name,
      folder,
      range,
      rows: await this.rows(rows),
      cases: await this.cases(cases),
      together: await this.together(cases),
      rollouts: await this.rollouts(rollouts, rows),
      updated: updateExpected && cases.length > 0,
      findings: this.findings,
    };
    return report;
  }

  private tell(where: string, ...whats: string[]): boolean {
    this.findings.push(...whats.map((what) => ({ where, what })));
    return whats.length === 0;
  }

  private count<Value>(all: readonly Line<Value>[], right: readonly boolean[]): TrialCount {
    return { all: all.length, right: right.filter(Boolean).length };
  }

  /** Each row must open an episode; what an empty reply is worth is not said. */
  private async rows(rows: readonly Line<JsonObject>[]): Promise<TrialCount> {
    const right: boolean[] = [];
    for (const { at, value } of rows) {
      this.judge.begin();
      const steps = this.options.turns ? { steps: [{ reply: '' }] } : {};
      const { failure } = await playCase(this.environment, {
        case: `row ${at}`,
        row: value,
        reply: '',
        ...steps,
      });
      const bad = failure !== undefined && ['row_invalid', 'open_failed'].includes(failure.kind);
      right.push(this.tell(`${ROWS}:${at}`, ...(bad ? [failure.message] : [])));
    }
    return this.count(rows, right);
  }

  /** Each case twice, in sessions of their own: what is expected, and the same again. */
  private async cases(cases: readonly Line<TrialCase>[]): Promise<TrialCount> {
    const right: boolean[] = [];
    const renewed: JsonObject[] = [];
    for (const { at, value } of cases) {
      const [first, again] = [await this.play(value), await this.play(value)];
      const { updateExpected } = this.options;
      const wrong = updateExpected ? [] : differencesOf(value, first);
      const other = sameOutcome(first, again) ? [] : ['played again it comes to something else'];
      right.push(this.tell(`${CASES}:${at} ${value.case}`, ...wrong, ...other, ...this.outOfRange(first)));
      renewed.push(updated(value, first));
    }
    if (this.options.updateExpected && cases.length > 0) {
      const text = renewed.map((one) => `${JSON.stringify(one)}\n`).join('');
      await writeWhole(path.join(this.options.folder, CASES), text);
    }
    return this.count(cases, right);
  }

  private play(one: TrialCase): Promise<Outcome> {
    this.judge.begin(one.judge);
    return playCase(this.environment, one);
  }

  private outOfRange({ verdict, steps = [] }: Outcome): string[] {
    const { range } = this.options;
    if (range === null) return [];
    const rewards = [verdict?.['reward'] ?? null, ...steps.map(({ reward }) => reward ?? null)];
    return rewards.flatMap((reward) =>
      typeof reward !== 'number' || (reward >= range[0] && reward <= range[1])
        ? []
        : [`the reward ${reward} is outside of reward_range [${range.join(', ')}]`],
    );
  }

  /** All cases at once: a session that sees another comes to another verdict. A judge's answers have an order. */
  private async together(cases: readonly Line<TrialCase>[]): Promise<number> {
    const silent = cases.filter(({ value }) => value.judge === undefined);
    if (silent.length < 2) return 0;
    const alone: Outcome[] = [];
    for (const { value } of silent) alone.push(await this.play(value));
    this.judge.begin();
    const beside = await Promise.all(silent.map(({ value }) => playCase(this.environment, value)));
    for (const [index, { at, value }] of silent.entries()) {
      if (sameOutcome(alone[index]!, beside[index]!)) continue;
      this.tell(
        `${CASES}:${at} ${value.case}`,
        'played beside the others it comes to something else: sessions see each other',
      );
    }
    return silent.length;
  }

  /** Recorded rollouts: the recorded reward. Those of turn-taking environments hold no single replies. */
  private async rollouts(
    all: readonly Line<Rollout>[],
    rows: readonly Line<JsonObject>[],
  ): Promise<TrialCount> {
    const played = all.filter(({ value }) => isObject(value.response) && !this.options.turns);
    const right: boolean[] = [];
    for (const { at, value } of played) {
      const row = rows[Number(value['_ng_task_index'] ?? at - 1)]?.value;
      const session = value.response.output.flatMap((item) =>
        item.type === 'function_call'
          ? [{ tool: String((item as { name?: unknown }).name), arguments: argumentsOf(item) }]
          : [],
      );
      this.judge.begin();
      const one = {
        case: `rollout ${at}`,
        row: taskOf({ ...value, ...row }) as unknown as JsonObject,
        response: value.response,
        session,
      };
      const outcome = await playCase(this.environment, one);
      const wanted = { ...one, verdict: { reward: value['reward'] ?? null } };
      right.push(this.tell(`${ROLLOUTS}:${at}`, ...differencesOf(wanted, outcome)));
    }
    return this.count(played, right);
  }
}

function argumentsOf(item: unknown): unknown {
  try {
    return JSON.parse(String((item as { arguments?: unknown }).arguments)) as unknown;
  } catch {
    return {};
  }
}

function sameOutcome(a: Outcome, b: Outcome): boolean {
  const facts = ({ verdict, reset, steps, told, failure }: Outcome): unknown[] => [
    verdict ?? null,
    reset ?? null,
    steps ?? null,
    told,
    failure?.kind ?? null,
  ];
  return isSame(facts(a), facts(b));
}
