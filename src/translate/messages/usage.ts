import type { JsonObject } from '../../protocol/index.js';
import { isObject } from '../../protocol/index.js';
import { count } from '../chat/usage.js';
import type { UsageForm } from '../form.js';

/**
 * Usage of a Messages reply. Its `input_tokens` leaves out what was read from and written to the cache; the
 * form's count includes both, so they are added here, once.
 */
export function readMessagesUsage(value: unknown): UsageForm | null {
  if (!isObject(value)) return null;
  const fresh = count(value['input_tokens']);
  const output = count(value['output_tokens']);
  if (fresh === null || output === null) return null;
  const cached = count(value['cache_read_input_tokens']);
  const cacheWrite = count(value['cache_creation_input_tokens']);
  const input = fresh + (cached ?? 0) + (cacheWrite ?? 0);
  const details = value['output_tokens_details'];
  const reasoning = isObject(details) ? count(details['thinking_tokens']) : null;
  return { input, output, total: input + output, cached, cacheWrite, reasoning };
}

/** Usage as the Messages API writes it: cached tokens beside `input_tokens`, not in it. */
export function writeMessagesUsage(usage: UsageForm): JsonObject {
  const written: JsonObject = {
    input_tokens: Math.max(0, usage.input - (usage.cached ?? 0) - (usage.cacheWrite ?? 0)),
    output_tokens: usage.output,
  };
  if (usage.cached !== null) written['cache_read_input_tokens'] = usage.cached;
  if (usage.cacheWrite !== null) written['cache_creation_input_tokens'] = usage.cacheWrite;
  if (usage.reasoning !== null) written['output_tokens_details'] = { thinking_tokens: usage.reasoning };
  return written;
}
