import type { JsonObject } from '../../../protocol/index.js';
import { strip } from '../../../python/index.js';
import { choiceHeadline, highestK, pick } from '../../kit/key-metrics.js';
import { valueOf } from '../../kit/task-groups.js';
import { ERROR_MODES } from './error-mode.js';

/** A value as a part of a metric's name. */
function segment(value: string): string {
  const name = strip(value)
    .replace(/[\s\x1c-\x1f\x85]+/g, '_')
    .replaceAll('/', '__');
  return strip(name.replace(/[^A-Za-z0-9_.:+-]+/g, '_'), '_') || 'unknown';
}

/** Told apart by source, by field, and by field and subfield. */
export function groups(task: readonly JsonObject[]): string[] {
  const [source, field, subfield] = ['source', 'bct_field', 'bct_subfield'].map((key) => {
    const value = valueOf(task, key);
    return value === undefined ? undefined : segment(value);
  });
  return [
    ...(source === undefined ? [] : [`by_source/${source}/`]),
    ...(field === undefined ? [] : [`by_bct_field/${field}/`]),
    ...(field === undefined || subfield === undefined ? [] : [`by_bct_subfield/${field}/${subfield}/`]),
  ];
}

function modeOf(one: JsonObject): string {
  const mode = one['error_mode'];
  if (typeof mode === 'string' && mode !== '') return mode;
  if (Boolean(one['reward'])) return 'correct';
  return one['extracted_answer'] == null ? 'format_violation' : 'wrong_answer';
}

/** How many rollouts ended in each way, and their share in percent. */
export function metrics(tasks: readonly (readonly JsonObject[])[]): JsonObject {
  const modes = tasks.flat().map(modeOf);
  const found: JsonObject = {};
  for (const mode of new Set([...ERROR_MODES, ...modes])) {
    const count = modes.filter((one) => one === mode).length;
    found[`error_modes/${mode}/count`] = count;
    found[`error_modes/${mode}`] = modes.length === 0 ? 0 : (100 * count) / modes.length;
  }
  return found;
}

export const keyMetrics = (all: JsonObject): JsonObject => ({
  ...choiceHeadline(all),
  ...highestK(all, 'pass@{k}', ['accuracy']),
  ...pick(all, ['pass@1/no_answer', ...ERROR_MODES.map((mode) => `error_modes/${mode}`)]),
});
