import type {
  Aggregate,
  Aggregator,
  AggregatorOptions,
  MetricsObject,
  PassMajority,
  PlainObject,
} from './aggregate-types.js';
import { Coverage } from './coverage.js';
import { describeRows } from './describe.js';
import { DuplicateRolloutError, Frame } from './frame.js';
import { groupMetrics, sortFrame, type SortedFrame } from './groups.js';
import { meanMetrics } from './key-metrics.js';
import { asFloats, picked, plain, slimRow } from './own-metrics.js';
import { passMajority, type TaskScores } from './pass-majority.js';
import { scanRow, type ScannedRow } from './row-scanner.js';
import { pickTasks, subsetName } from './subsets.js';

/** The reference's aggregation does not have the task's row and writes this in its place. */
const SAMPLE: MetricsObject = { agent_ref: { name: 'agent' } };

class RowAggregator implements Aggregator {
  private readonly frame = new Frame();
  private readonly coverage = new Coverage();
  private readonly maskedKeys = new Set<string>();
  private readonly answers: number[] = [];
  private readonly answerIds = new Map<string, number>();
  private readonly subsets: string[] = [];
  private readonly slimRows: PlainObject[] = [];
  private readonly wanted: ReadonlySet<string>;

  constructor(private readonly options: AggregatorOptions) {
    this.wanted = wantedFields(options);
  }

  add(row: string | ScannedRow): void {
    const scanned = typeof row === 'string' ? scanRow(row, this.wanted) : row;
    this.coverage.add(scanned);
    if (scanned.masked) {
      this.mask(scanned);
      return;
    }
    const { passMajority: declared, subsetKey } = this.options;
    if (declared?.answerKey !== undefined) {
      this.answers.push(this.answerId(scanned.captured.get(declared.answerKey)));
    }
    if (subsetKey !== undefined) this.subsets.push(subsetName(scanned.captured.get(subsetKey)));
    if (this.options.metrics !== undefined || declared?.groups !== undefined || hasMadeScores(declared))
      this.slimRows.push(slimRow(textOf(row)));
    this.frame.add(scanned);
  }

  finish(): Aggregate {
    const coverage = this.coverage.metrics();
    if (this.frame.size === 0) {
      return { agent_metrics: coverage, key_metrics: { ...coverage }, group_level_metrics: [] };
    }
    const sorted = sortFrame(this.frame);
    this.checkMasked();
    const { order, starts, columns, whole } = sorted;
    const agent: MetricsObject = { ...describeRows(columns, 0, order.length, whole), ...coverage };
    this.addFamilies(agent, sorted);
    const perTask = this.addOwn(agent, sorted);
    const key = this.options.keyMetrics?.(plain(agent));
    const groups = function* (): Generator<MetricsObject> {
      for (let i = 0; i + 1 < starts.length; i++) {
        const expected = starts[i + 1]! - starts[i]!;
        yield groupMetrics(sorted, i, { own: perTask[i], sample: SAMPLE, expected });
      }
    };
    return {
      agent_metrics: agent,
      key_metrics: { ...(key === undefined ? meanMetrics(agent) : picked(key, agent)), ...coverage },
      group_level_metrics: { [Symbol.iterator]: groups },
    };
  }

  /** A masked rollout is in no metric; of it only its place is kept. */
  private mask({ task, rollout }: ScannedRow): void {
    const key = `${task}:${rollout}`;
    if (this.maskedKeys.has(key)) throw new DuplicateRolloutError(task, rollout);
    this.maskedKeys.add(key);
  }

  private checkMasked(): void {
    if (this.maskedKeys.size === 0) return;
    const { tasks, rollouts } = this.frame;
    for (const [row, task] of tasks.entries()) {
      const rollout = rollouts[row]!;
      if (this.maskedKeys.has(`${task}:${rollout}`)) throw new DuplicateRolloutError(task, rollout);
    }
  }

  /** A number for each distinct answer, −1 for none. */
  private answerId(raw: string | undefined): number {
    if (raw === undefined || raw === 'null') return -1;
    const known = this.answerIds.get(raw);
    if (known !== undefined) return known;
    this.answerIds.set(raw, this.answerIds.size);
    return this.answerIds.size - 1;
  }

  private addFamilies(agent: MetricsObject, sorted: SortedFrame): void {
    const { passMajority: declared } = this.options;
    if (declared === undefined) return;
    const all = this.taskScores(declared, sorted);
    const { metrics, perSample, spread } = passMajority(all);
    Object.assign(agent, metrics, { per_sample_aggregate: perSample }, spread);
    for (const [prefix, tasks] of this.tasksByPrefix(sorted)) {
      const found = passMajority(pickTasks(all, tasks));
      for (const [key, value] of Object.entries({ ...found.metrics, ...found.spread })) {
        agent[`${prefix}${key}`] = value;
      }
    }
    if (declared.derived !== undefined) Object.assign(agent, asFloats(declared.derived(plain(agent))));
  }

  private taskScores(declared: PassMajority, { order, starts }: SortedFrame): TaskScores {
    const sequence = Uint32Array.from(order);
    if (this.options.order === 'received') {
      for (let i = 0; i + 1 < starts.length; i++) sequence.subarray(starts[i], starts[i + 1]).sort();
    }
    const score = (field: string | ((row: PlainObject) => number)): Float64Array => {
      if (typeof field === 'function') {
        return Float64Array.from(sequence, (row) => field(this.slimRows[row]!));
      }
      const column = this.frame.fields.get(field);
      return Float64Array.from(sequence, (row) =>
        column === undefined || column.kind(row) === 0 ? Number.NaN : column.values[row]!,
      );
    };
    const fields = Object.entries(declared.scores ?? { accuracy: 'reward' });
    const scores = fields.map(([name, field]) => [name, score(field)] as const);
    return {
      starts,
      // A score that no rollout has is none.
      scores: new Map(scores.filter(([, values]) => values.some((value) => !Number.isNaN(value)))),
      answers:
        declared.answerKey === undefined ? null : Int32Array.from(sequence, (row) => this.answers[row]!),
    };
  }

  /** Which tasks have a family of their own, by the start of its names. */
  private tasksByPrefix({ order, starts }: SortedFrame): Map<string, number[]> {
    const found = new Map<string, number[]>();
    for (let i = 0; i + 1 < starts.length; i++) {
      for (const prefix of this.prefixesOf(order.subarray(starts[i], starts[i + 1]))) {
        const tasks = found.get(prefix);
        if (tasks !== undefined) tasks.push(i);
        else found.set(prefix, [i]);
      }
    }
    return found;
  }

  /** The value of the subset field in the task's first rollout that has one, and what the environment says. */
  private prefixesOf(rows: Uint32Array): readonly string[] {
    const { passMajority: declared, subsetKey } = this.options;
    const own = declared?.groups?.(Array.from(rows, (row) => this.slimRows[row]!)) ?? [];
    const names = subsetKey === undefined ? [] : Array.from(rows, (row) => this.subsets[row]!);
    const name = names.find((one) => one !== '');
    return name === undefined ? own : [`${name}/`, ...own];
  }

  /** Merges the environment's own metrics; returns what they say per task. */
  private addOwn(agent: MetricsObject, { order, starts }: SortedFrame): MetricsObject[] {
    if (this.options.metrics === undefined) return [];
    const tasks: PlainObject[][] = [];
    for (let i = 0; i + 1 < starts.length; i++) {
      tasks.push(Array.from(order.subarray(starts[i], starts[i + 1]), (row) => this.slimRows[row]!));
    }
    const { per_task_metrics: perTask, ...own } = this.options.metrics(tasks);
    Object.assign(agent, asFloats(own));
    return Array.isArray(perTask) ? perTask.map((one) => asFloats(one as PlainObject)) : [];
  }
}

const hasMadeScores = (declared: PassMajority | undefined): boolean =>
  Object.values(declared?.scores ?? {}).some((field) => typeof field === 'function');

function textOf(row: string | ScannedRow): string {
  if (typeof row === 'string') return row;
  if (row.text === undefined)
    throw new TypeError('metrics of an environment of its own need the row as text');
  return row.text;
}

/** Top-level fields whose text an aggregator needs from the scanner. */
export function wantedFields(options: AggregatorOptions): ReadonlySet<string> {
  return new Set([options.passMajority?.answerKey, options.subsetKey].filter((key) => key !== undefined));
}

/**
 * Computes the reference's aggregate metrics from stored rows, one at a time. Keeps numbers only, about 9 bytes per
 * numeric field and row (and rows without their `response` when an environment computes metrics of its own).
 */
export function createAggregator(options: AggregatorOptions = {}): Aggregator {
  return new RowAggregator(options);
}
