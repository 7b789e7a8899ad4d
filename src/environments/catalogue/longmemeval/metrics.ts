import type { JsonObject } from '../../../protocol/index.js';

const COUNTERS: Readonly<Record<string, string>> = {
  judge_call_failed: 'n_judge_call_failed',
  empty_judge_output: 'n_empty_judge_output',
  unknown_question_type: 'n_unknown_question_type',
  bad_metadata: 'n_bad_metadata',
};

/** Rollouts with these are in no accuracy. */
const EXCLUDED = ['judge_call_failed', 'unknown_question_type'];

const mean = (rows: readonly JsonObject[]): number =>
  rows.reduce((total, row) => total + (row['reward'] as number), 0) / rows.length;

/** Accuracy over all, by type of question and of those without an answer; and how many could not be judged, and why. */
export function longMemEvalMetrics(tasks: readonly (readonly JsonObject[])[]): JsonObject {
  const rewarded = tasks.flat().filter((row) => typeof row['reward'] === 'number');
  if (rewarded.length === 0) return {};
  const errors = rewarded
    .map((row) => row['judge_error'])
    .filter((error) => typeof error === 'string' && error !== '');
  const count = (name: string): number => errors.filter((error) => error === name).length;
  const scored = rewarded.filter((row) => !EXCLUDED.includes(row['judge_error'] as string));
  const metrics: JsonObject = {
    ...Object.fromEntries(Object.entries(COUNTERS).map(([error, name]) => [name, count(error)])),
    n_judge_errors_other: errors.filter((error) => !Object.hasOwn(COUNTERS, error as string)).length,
    n_excluded: rewarded.length - scored.length,
    n_empty_response: scored.filter((row) => row['empty_response'] === true).length,
    accuracy_strict: mean(rewarded),
  };
  if (scored.length === 0) return metrics;
  const typeOf = (row: JsonObject): string => (row['question_type'] as string | undefined) || 'unknown';
  const abstained = scored.filter((row) => row['abstention'] === true);
  const part = (name: string, rows: readonly JsonObject[]): JsonObject => ({
    [`${name}/accuracy`]: mean(rows),
    [`${name}/count`]: rows.length,
  });
  const byType = [...new Set(scored.map(typeOf))].sort().map((type) =>
    part(
      `question_type/${type}`,
      scored.filter((row) => typeOf(row) === type),
    ),
  );
  return {
    ...metrics,
    accuracy: mean(scored),
    count: scored.length,
    ...Object.fromEntries(byType.flatMap((one) => Object.entries(one))),
    ...(abstained.length > 0 && part('abstention', abstained)),
  };
}
