import type { JsonObject } from '../../protocol/index.js';
import { isObject } from '../../protocol/index.js';
import type { UsageForm } from '../form.js';

/** A token count: a non-negative integer, else null (unknown is not 0). */
export function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null;
}

function detail(usage: JsonObject, group: string, key: string): number | null {
  const inner = usage[group];
  return isObject(inner) ? count(inner[key]) : null;
}

/** Usage of a Chat reply; null when it has no totals. Ambiguous top-level names are not read. */
export function readChatUsage(value: unknown): UsageForm | null {
  if (!isObject(value)) return null;
  const input = count(value['prompt_tokens']);
  const output = count(value['completion_tokens']);
  if (input === null || output === null) return null;
  return {
    input,
    output,
    total: count(value['total_tokens']) ?? input + output,
    cached:
      detail(value, 'prompt_tokens_details', 'cached_tokens') ??
      count(value['cached_input_tokens']) ??
      count(value['cache_read_input_tokens']),
    cacheWrite: detail(value, 'prompt_tokens_details', 'cache_write_tokens'),
    reasoning:
      detail(value, 'completion_tokens_details', 'reasoning_tokens') ??
      count(value['reasoning_output_tokens']),
  };
}
