import type { ResponsesReply, ResponsesRequest, Usage } from '../../protocol/index.js';
import { isObject } from '../../protocol/index.js';
import type { ReplyForm, Stop, UsageForm } from '../form.js';
import type { ToolNames } from '../names.js';
import type { TranslateOptions } from '../options.js';
import { writeItem } from './write-items.js';

/** Why a reply is incomplete, in Responses' words; null when it is complete. */
export function incompleteReason(stop: Stop): string | null {
  if (stop === 'length' || stop === 'context') return 'max_output_tokens';
  return stop === 'content_filter' || stop === 'refusal' ? 'content_filter' : null;
}

export function writeResponsesUsage(usage: UsageForm | null): Usage | null {
  if (usage === null) return null;
  return {
    input_tokens: usage.input,
    input_tokens_details: {
      cached_tokens: usage.cached,
      ...(usage.cacheWrite === null ? {} : { cache_write_tokens: usage.cacheWrite }),
    },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: usage.reasoning },
    total_tokens: usage.total,
  };
}

/** A settings object as the reference echoes it: its known keys, null when absent, and whatever else it held. */
function echo(value: unknown, keys: readonly string[]): unknown {
  if (!isObject(value)) return null;
  return { ...Object.fromEntries(keys.map((key) => [key, null])), ...value };
}

/** A Responses reply with every key of the reference, in its order; what the request said is echoed. */
export function writeResponsesReply(
  form: ReplyForm,
  request: ResponsesRequest,
  names: ToolNames,
  options: TranslateOptions,
): ResponsesReply {
  const reason = incompleteReason(form.stop);
  const createdAt = options.now === undefined ? (form.createdAt ?? 0) : Math.floor(options.now() / 1000);
  return {
    id: options.newId('resp_'),
    created_at: createdAt,
    error: null,
    incomplete_details: reason === null ? null : { reason },
    instructions: request.instructions ?? null,
    metadata: request.metadata ?? null,
    model: options.model ?? request.model ?? form.model ?? '',
    object: 'response',
    output: form.entries.map((entry) => writeItem(entry, names, options.newId)),
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    temperature: request.temperature ?? null,
    tool_choice: request.tool_choice ?? 'auto',
    tools: request.tools ?? [],
    top_p: request.top_p ?? null,
    background: request['background'] ?? null,
    conversation: null,
    max_output_tokens: request.max_output_tokens ?? null,
    max_tool_calls: request['max_tool_calls'] ?? null,
    previous_response_id: request['previous_response_id'] ?? null,
    prompt: request['prompt'] ?? null,
    prompt_cache_key: null,
    reasoning: echo(request['reasoning'], ['effort', 'generate_summary', 'summary']),
    safety_identifier: null,
    service_tier: request['service_tier'] ?? null,
    status: reason === null ? 'completed' : 'incomplete',
    text: echo(request['text'], ['format', 'verbosity']),
    top_logprobs: request['top_logprobs'] ?? null,
    truncation: request['truncation'] ?? null,
    usage: writeResponsesUsage(form.usage),
    user: request['user'] ?? null,
  };
}
