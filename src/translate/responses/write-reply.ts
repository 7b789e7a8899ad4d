import type { Item, ResponsesReply, ResponsesRequest, Usage } from '../../protocol/index.js';
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

/** What a reply says apart from its output. */
export interface Envelope {
  id: string;
  /** Epoch seconds. */
  createdAt: number;
  model: string;
  output: Item[];
  stop: Stop;
  usage: UsageForm | null;
}

/** A Responses reply with every key of the reference, in its order; what the request said is echoed. */
export function writeEnvelope(envelope: Envelope, request: ResponsesRequest): ResponsesReply {
  const reason = incompleteReason(envelope.stop);
  return {
    id: envelope.id,
    created_at: envelope.createdAt,
    error: null,
    incomplete_details: reason === null ? null : { reason },
    instructions: request.instructions ?? null,
    metadata: request.metadata ?? null,
    model: envelope.model,
    object: 'response',
    output: envelope.output,
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
    usage: writeResponsesUsage(envelope.usage),
    user: request['user'] ?? null,
  };
}

/** Creation time in epoch seconds: the clock's when there is one, else what the upstream said. */
export function creationTime(now: (() => number) | undefined, upstream: number | undefined): number {
  return now === undefined ? (upstream ?? 0) : Math.floor(now() / 1000);
}

/** A whole reply in the intermediate form as a Responses reply to `request`. */
export function writeResponsesReply(
  form: ReplyForm,
  request: ResponsesRequest,
  names: ToolNames,
  options: TranslateOptions,
): ResponsesReply {
  return writeEnvelope(
    {
      id: options.newId('resp_'),
      createdAt: creationTime(options.now, form.createdAt),
      model: options.model ?? request.model ?? form.model ?? '',
      output: form.entries.map((entry) => writeItem(entry, names, options.newId)),
      stop: form.stop,
      usage: form.usage,
    },
    request,
  );
}
