import type { JsonObject } from '../../../protocol/index.js';
import { readJudgement } from '../../kit/judgement.js';
import type { Judgement } from '../../kit/judgement.js';
import { highestK, pick } from '../../kit/key-metrics.js';
import { confusion } from './judgement.js';

interface Task {
  readonly right: Judgement | null;
  readonly said: readonly (Judgement | null)[];
}

interface Quality {
  precision: number;
  recall: number;
  f1: number;
}

/** One judgement for each task (none for undefined): precision, recall and F1 of "the proof is right". */
function quality(tasks: readonly Task[], judge: (task: Task) => Judgement | null | undefined): Quality {
  let [tp, fp] = [0, 0];
  for (const task of tasks) {
    const found = confusion(judge(task) ?? null, task.right);
    tp += found.tp;
    fp += found.fp;
  }
  const positives = tasks.filter(({ right }) => right === 'Yes').length;
  const precision = tp + fp > 0 ? tp / (tp + fp) : 1;
  const recall = positives > 0 ? tp / positives : 1;
  const f1 = precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
  return { precision, recall, f1 };
}

/** The right one where any of them is right, else the first. */
function best(said: Task['said'], right: Judgement | null): Judgement | null {
  if (right !== null && said.includes(right)) return right;
  return said.find((one) => one !== null) ?? null;
}

/** What most say; of two alike the one that was said first. */
function majority(said: Task['said']): Judgement | null {
  const count = (wanted: Judgement): number => said.filter((one) => one === wanted).length;
  const [yes, no] = [count('Yes'), count('No')];
  if (yes === no) return said.find((one) => one !== null) ?? null;
  return yes > no ? 'Yes' : 'No';
}

const percent = (values: readonly number[]): number =>
  (100 * values.reduce((sum, value) => sum + value, 0)) / values.length;

/** Precision, recall and F1 of the first k rollouts: averaged, of the best, and of the majority. */
export function metrics(rollouts: readonly (readonly JsonObject[])[]): JsonObject {
  const tasks = rollouts.map((task): Task => ({
    right: readJudgement((task[0]?.['expected_judgement'] as string | null | undefined) ?? ''),
    said: task.map((one) => (one['extracted_judgement'] as Judgement | null | undefined) ?? null),
  }));
  const longest = Math.max(0, ...tasks.map(({ said }) => said.length));
  if (longest === 0) return {};
  const runs = Array.from({ length: longest }, (_, at) => quality(tasks, ({ said }) => said[at]));
  const found: JsonObject = {};
  const put = (family: string, numbers: readonly Quality[]): void => {
    for (const name of ['precision', 'recall', 'f1'] as const) {
      found[`${family}/${name}`] = percent(numbers.map((one) => one[name]));
    }
  };
  for (let k = 1; k <= longest; k++) put(`pass@1[avg-of-${k}]`, runs.slice(0, k));
  for (let k = 1; k <= longest; k++) {
    put(`pass@${k}`, [quality(tasks, ({ said, right }) => best(said.slice(0, k), right))]);
    put(`majority@${k}`, [quality(tasks, ({ said }) => majority(said.slice(0, k)))]);
  }
  return { ...found, total_positives: tasks.filter(({ right }) => right === 'Yes').length };
}

export const keyMetrics = (all: JsonObject): JsonObject => ({
  ...pick(all, ['mean/reward']),
  ...highestK(all, 'pass@1[avg-of-{k}]', ['accuracy', 'f1', 'precision', 'recall', 'no_answer']),
  ...highestK(all, 'pass@{k}', ['accuracy', 'f1', 'no_answer']),
  ...highestK(all, 'majority@{k}', ['accuracy', 'f1']),
});
