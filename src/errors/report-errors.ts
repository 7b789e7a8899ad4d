import { NgError } from './ng-error.js';
import { didYouMean } from './suggest.js';

/** Mistakes around stored results: profile, aggregate, report, compare, gate. Re-exported by the catalogue. */

/** Some of many, one per line. */
function some(items: readonly string[], most = 10): string {
  const shown = items.slice(0, most).map((item) => `  ${item}`);
  const more = items.length - shown.length;
  return [...shown, ...(more > 0 ? [`  … and ${more} more`] : [])].join('\n');
}

export function reportFileNotFound(file: string, what: string): NgError {
  return new NgError(
    'REPORT_FILE_NOT_FOUND',
    `There is no ${what} at this path.`,
    'Name the file that the run wrote: its --output, or the files beside it.',
    { file },
  );
}

export function reportBadLine(file: string, line: number, reason: string): NgError {
  return new NgError(
    'REPORT_BAD_LINE',
    `A stored row cannot be read: ${reason}.`,
    'Repeat the run command to let it repair and resume its files, or remove the line.',
    { file, line },
  );
}

/** `places` says where: `file:line` of both. */
export function reportDuplicateRollout(task: number, rollout: number, places: readonly string[]): NgError {
  return new NgError(
    'REPORT_DUPLICATE_ROLLOUT',
    `Task ${task}, rollout ${rollout} is there more than once:\n${some(places)}`,
    'Each pair of _ng_task_index and _ng_rollout_index must be unique: leave one of the files out, or give the shards disjoint indices.',
  );
}

export function reportUnplannedRollouts(file: string, keys: readonly string[]): NgError {
  return new NgError(
    'REPORT_UNPLANNED_ROLLOUTS',
    `The rollouts hold task:rollout pairs that the inputs do not have:\n${some(keys)}`,
    'Give the materialized inputs of the same run.',
    { file },
  );
}

export function reportMissingRollouts(file: string, keys: readonly string[], total: number): NgError {
  return new NgError(
    'REPORT_MISSING_ROLLOUTS',
    `${keys.length} of ${total} inputs have no rollout (task:rollout):\n${some(keys)}`,
    'Resume the run, or add "+allow_partial_rollouts=true" to profile what is there.',
    { file },
  );
}

export function reportNoMatch(patterns: readonly string[], skipped: readonly string[]): NgError {
  const left = skipped.length === 0 ? '' : `\nLeft out, because they are not rollouts:\n${some(skipped)}`;
  return new NgError(
    'REPORT_NO_MATCH',
    `No rollouts file matches ${patterns.map((pattern) => `"${pattern}"`).join(', ')}.${left}`,
    'Quote the pattern so that the shell leaves it alone, and check the folder: --input-glob "results/shard_*.jsonl".',
  );
}

export function reportOutputExists(file: string): NgError {
  return new NgError(
    'REPORT_OUTPUT_EXISTS',
    'The output exists. Nothing was changed.',
    'Choose another output or remove the file.',
    { file },
  );
}

/** `differences` are lines such as `task 3: expected_answer differs`. */
export function compareDifferentTasks(differences: readonly string[]): NgError {
  return new NgError(
    'COMPARE_DIFFERENT_TASKS',
    `The two runs do not have the same tasks:\n${some(differences)}`,
    'Compare runs over the same dataset; "--match common" compares the tasks that both have, "--match fields" ignores the prompt, "--match index" pairs by task index whatever the rows say.',
  );
}

export function compareNothingShared(a: string, b: string): NgError {
  return new NgError(
    'COMPARE_NOTHING_SHARED',
    `No task has a reward in both runs:\n  ${a}\n  ${b}`,
    'Compare runs over the same dataset and agent; look at each with "ng eval report".',
  );
}

export function gateBadRule(
  where: string,
  problem: string,
  known: readonly string[] = [],
  word = '',
): NgError {
  return new NgError(
    'GATE_BAD_RULE',
    `Cannot use the gate rule: ${problem}.${word === '' ? '' : didYouMean(word, known)}`,
    'A rule is "<metric> >= <number>", "<metric> <= <number>" or "regression <= <number>"; see docs/ci.md for the metrics.',
    { key: where },
  );
}

export function gateNoRules(): NgError {
  return new NgError(
    'GATE_NO_RULES',
    'The gate has no rules, so it could only pass.',
    'Give --rule "mean >= 0.6" (repeat as needed) or --rules gate.yaml.',
  );
}

export function gateNeedsBaseline(rule: string): NgError {
  return new NgError(
    'GATE_NEEDS_BASELINE',
    `The rule "${rule}" compares with another run, and none is given.`,
    'Add --baseline results/main.jsonl.',
  );
}

export function reportUnknownFormat(format: string, known: readonly string[]): NgError {
  return new NgError(
    'REPORT_UNKNOWN_FORMAT',
    `Unknown report format "${format}".${didYouMean(format, known)}`,
    `Formats: ${known.join(', ')}.`,
  );
}
