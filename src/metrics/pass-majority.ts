import { passAtKTable } from './combinations.js';
import { float, type JsonNumber } from './json-number.js';
import { sampleDeviations } from './sums.js';

/** What the pass@k family is computed from. Rollouts of a task lie side by side. */
export interface TaskScores {
  /** Start of each task in the arrays below, and the end of the last one. */
  starts: readonly number[];
  /** Score name → value per rollout, NaN where the rollout has none. */
  scores: ReadonlyMap<string, Float64Array>;
  /** Per rollout a number for its answer, equal for equal answers, −1 for none; null when no answer field is named. */
  answers: Int32Array | null;
}

export interface PassMajorityMetrics {
  /** `pass@k/<score>` and so on, in percent. */
  metrics: Record<string, JsonNumber>;
  /** Mean of the i-th rollouts over tasks, in percent. */
  perSample: Record<string, JsonNumber[]>;
  /** `…/std_dev_across_runs` and `…/std_err_across_runs` for k ≥ 2. */
  spread: Record<string, JsonNumber>;
}

interface Totals {
  pass: Float64Array;
  passTasks: Float64Array;
  average: Float64Array;
  averageTasks: Float64Array;
  majority: Float64Array;
  run: Float64Array;
  runTasks: Float64Array;
}

function newTotals(longest: number): Totals {
  return {
    pass: new Float64Array(longest),
    passTasks: new Float64Array(longest),
    average: new Float64Array(longest),
    averageTasks: new Float64Array(longest),
    majority: new Float64Array(longest),
    run: new Float64Array(longest),
    runTasks: new Float64Array(longest),
  };
}

/** pass@k for k = 1 to n: unbiased for right-or-wrong scores, else the best of the first k. */
function addPass(totals: Totals, values: readonly number[]): void {
  const binary = values.every((value) => value === 0 || value === 1);
  const table = binary ? passAtKTable(values.length, values.filter((value) => value === 0).length) : null;
  let best = Number.NEGATIVE_INFINITY;
  for (const [i, value] of values.entries()) {
    best = Math.max(best, value);
    totals.pass[i]! += table?.[i] ?? best;
    totals.passTasks[i]!++;
  }
}

/** Mean of those of the first k that have a score; a shorter task counts with all it has. */
function addAverage(totals: Totals, column: Float64Array, from: number, to: number): void {
  let sum = 0;
  let count = 0;
  for (let k = 0; k < totals.average.length; k++) {
    const at = from + k;
    if (at < to && !Number.isNaN(column[at]!)) {
      sum += column[at]!;
      count++;
    }
    if (count === 0) continue;
    totals.average[k]! += sum / count;
    totals.averageTasks[k]!++;
  }
}

interface Vote {
  value: number;
  count: number;
}

/** Score of the most common (answer, score) pairs; ties share. */
function winners(votes: Iterable<Vote>, top: number): number {
  let sum = 0;
  let tied = 0;
  for (const vote of votes) {
    if (vote.count !== top) continue;
    sum += vote.value;
    tied++;
  }
  return tied === 0 ? 0 : sum / tied;
}

function addMajority(
  totals: Totals,
  column: Float64Array,
  answers: Int32Array,
  from: number,
  to: number,
): void {
  const votes = new Map<string, Vote>();
  let top = 0;
  let result = 0;
  for (let k = 0; k < totals.majority.length; k++) {
    const at = from + k;
    if (at < to && answers[at] !== -1 && !Number.isNaN(column[at]!)) {
      const key = `${answers[at]!}|${column[at]!}`;
      const vote = votes.get(key) ?? { value: column[at]!, count: 0 };
      votes.set(key, vote);
      top = Math.max(top, ++vote.count);
      result = winners(votes.values(), top);
    }
    totals.majority[k]! += result;
  }
}

function totalsOf(input: TaskScores, column: Float64Array, longest: number): Totals {
  const totals = newTotals(longest);
  for (let task = 0; task + 1 < input.starts.length; task++) {
    const [from, to] = [input.starts[task]!, input.starts[task + 1]!];
    const values: number[] = [];
    for (let at = from; at < to; at++) {
      const value = column[at]!;
      if (Number.isNaN(value)) continue;
      values.push(value);
      totals.run[at - from]! += value;
      totals.runTasks[at - from]!++;
    }
    addPass(totals, values);
    addAverage(totals, column, from, to);
    if (input.answers !== null) addMajority(totals, column, input.answers, from, to);
  }
  return totals;
}

function percent(sum: number, count: number): number {
  return count === 0 ? 0 : (100 * sum) / count;
}

/** An extra score, 1 where the rollout has no answer, when an answer field is named. */
function withNoAnswer(input: TaskScores): Map<string, Float64Array> {
  const scores = new Map(input.scores);
  if (input.answers !== null) {
    scores.set(
      'no_answer',
      Float64Array.from(input.answers, (answer) => (answer === -1 ? 1 : 0)),
    );
  }
  return scores;
}

/**
 * pass@k, pass@1[avg-of-k], majority@k (with answers), their spread across runs: names, order and arithmetic of the
 * reference. `k` runs from 1 to the longest task. pass@k uses all rollouts of a task, the others the first k.
 */
export function passMajority(input: TaskScores): PassMajorityMetrics {
  const tasks = input.starts.length - 1;
  let longest = 0;
  for (let i = 0; i < tasks; i++) longest = Math.max(longest, input.starts[i + 1]! - input.starts[i]!);
  const all = new Map<string, Totals>();
  for (const [name, column] of withNoAnswer(input)) all.set(name, totalsOf(input, column, longest));

  const out: PassMajorityMetrics = { metrics: {}, perSample: {}, spread: {} };
  for (let k = 1; k <= longest; k++) {
    for (const [name, totals] of all) {
      const i = k - 1;
      if (totals.passTasks[i]! > 0) {
        out.metrics[`pass@${k}/${name}`] = float(percent(totals.pass[i]!, totals.passTasks[i]!));
      }
      if (totals.averageTasks[i]! > 0) {
        out.metrics[`pass@1[avg-of-${k}]/${name}`] = float(
          percent(totals.average[i]!, totals.averageTasks[i]!),
        );
      }
      if (input.answers !== null) {
        out.metrics[`majority@${k}/${name}`] = float(percent(totals.majority[i]!, tasks));
      }
    }
  }
  addSpread(out, all, longest);
  return out;
}

function addSpread(out: PassMajorityMetrics, all: ReadonlyMap<string, Totals>, longest: number): void {
  const runs = new Map<string, Float64Array>();
  for (const [name, totals] of all) {
    const means = Array.from(totals.run, (sum, i) => percent(sum, totals.runTasks[i]!)).filter(
      (_, i) => totals.runTasks[i]! > 0,
    );
    runs.set(name, sampleDeviations(means));
    out.perSample[name] = means.map(float);
  }
  for (let k = 2; k <= longest; k++) {
    for (const [name, deviations] of runs) {
      // Where fewer runs have a value, all that there are.
      const count = Math.min(k, deviations.length);
      if (count < 2) continue;
      const deviation = deviations[count - 1]!;
      out.spread[`pass@1[avg-of-${k}]/${name}/std_dev_across_runs`] = float(deviation);
      out.spread[`pass@1[avg-of-${k}]/${name}/std_err_across_runs`] = float(deviation / Math.sqrt(count));
    }
  }
}
