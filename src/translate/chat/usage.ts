import type { JsonObject } from '../../protocol/index.js';
import { isObject, tokenCount } from '../../protocol/index.js';
import type { Capability } from '../capabilities/index.js';
import type { UsageForm } from '../form.js';

export const count = tokenCount;

function detail(usage: JsonObject, group: string, key: string): number | null {
  const inner = usage[group];
  return isObject(inner) ? count(inner[key]) : null;
}

/** Some providers count reasoning on top of the completion: the total tells. */
function addReasoning(usage: UsageForm): UsageForm {
  const reasoning = usage.reasoning ?? 0;
  const all = usage.input + usage.output + reasoning;
  const outside = reasoning > 0 && (usage.total >= all || reasoning > usage.output);
  return outside ? { ...usage, output: usage.output + reasoning, total: Math.max(usage.total, all) } : usage;
}

/** Usage of a Chat reply; null when it has no totals. Ambiguous top-level names are not read. */
export function readChatUsage(value: unknown, capability?: Capability): UsageForm | null {
  if (!isObject(value)) return null;
  const input = count(value['prompt_tokens']);
  const output = count(value['completion_tokens']);
  if (input === null || output === null) return null;
  const usage: UsageForm = {
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
  return capability?.reasoningOutsideOutput === true ? addReasoning(usage) : usage;
}

/** Usage as Chat Completions writes it; details that are unknown are left out. */
export function writeChatUsage(usage: UsageForm): JsonObject {
  const written: JsonObject = {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.total,
  };
  if (usage.cached !== null || usage.cacheWrite !== null) {
    written['prompt_tokens_details'] = {
      ...(usage.cached === null ? {} : { cached_tokens: usage.cached }),
      ...(usage.cacheWrite === null ? {} : { cache_write_tokens: usage.cacheWrite }),
    };
  }
  if (usage.reasoning !== null) {
    written['completion_tokens_details'] = { reasoning_tokens: usage.reasoning };
  }
  return written;
}
