import type { JsonObject } from '../../../protocol/index.js';

const TASKS = ['mk_niah', 'mv_niah', 'qa'].flatMap((kind) =>
  ['basic', 'easy', 'medium', 'hard'].map((level) => `${kind}_${level}`),
);

/** The mean over the twelve tasks of the suite of each of their metrics; none where one of them was not played. */
export function suiteAverage(metrics: JsonObject): JsonObject {
  const [first] = TASKS;
  const names = Object.keys(metrics).filter((name) => name.startsWith(`${first!}/`));
  const found: JsonObject = {};
  for (const name of names.map((one) => one.slice(first!.length))) {
    const values = TASKS.map((task) => metrics[`${task}${name}`]);
    if (values.some((value) => typeof value !== 'number')) continue;
    const sum = (values as number[]).reduce((total, value) => total + value, 0);
    found[`ruler2_suite_avg${name}`] = sum / TASKS.length;
  }
  return found;
}
