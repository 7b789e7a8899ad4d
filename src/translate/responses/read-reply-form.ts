import { isObject } from '../../protocol/index.js';
import type { ResponsesReply } from '../../protocol/index.js';
import { count } from '../chat/usage.js';
import { garbage } from '../failures.js';
import type { Entry, Part, ReplyForm, Stop, UsageForm } from '../form.js';
import { readResponsesReply } from './read-reply.js';
import { readItem } from './read-items.js';

export function readResponsesUsage(value: unknown): UsageForm | null {
  if (!isObject(value)) return null;
  const input = count(value['input_tokens']);
  const output = count(value['output_tokens']);
  if (input === null || output === null) return null;
  const inputs = isObject(value['input_tokens_details']) ? value['input_tokens_details'] : {};
  const outputs = isObject(value['output_tokens_details']) ? value['output_tokens_details'] : {};
  return {
    input,
    output,
    total: count(value['total_tokens']) ?? input + output,
    cached: count(inputs['cached_tokens']),
    cacheWrite: count(inputs['cache_write_tokens']),
    reasoning: count(outputs['reasoning_tokens']),
  };
}

/** Why a Responses reply stopped: its status, and what it holds. */
export function readResponsesStop(
  status: unknown,
  reason: unknown,
  holds: { calls: boolean; refusal: boolean },
): Stop {
  if (status === 'incomplete' || typeof reason === 'string') {
    return reason === 'content_filter' ? 'content_filter' : 'length';
  }
  if (holds.calls) return 'tool_calls';
  return holds.refusal ? 'refusal' : 'end';
}

function isRefusal(entry: Entry): boolean {
  return (
    entry.kind === 'message' &&
    typeof entry.content !== 'string' &&
    entry.content.length > 0 &&
    entry.content.every((part: Part) => part.kind === 'refusal')
  );
}

/** Annotations and log-probabilities of the text parts, which requests do not have. */
function keepDetails(item: unknown, entry: Entry | undefined): void {
  const content = isObject(item) ? item['content'] : undefined;
  if (entry?.kind !== 'message' || !Array.isArray(content) || typeof entry.content === 'string') return;
  entry.content.forEach((part, i) => {
    const source = content[i];
    if (part.kind !== 'text' || !isObject(source)) return;
    if (Array.isArray(source['annotations']) && source['annotations'].length > 0) {
      part.annotations = source['annotations'];
    }
    if (Array.isArray(source['logprobs']) && source['logprobs'].length > 0)
      part.logprobs = source['logprobs'];
  });
}

/** One output item as entries; for streams and whole replies. */
export function readOutputItem(item: unknown, where: string): Entry[] {
  const entries: Entry[] = [];
  try {
    readItem(item, where, entries);
  } catch (error) {
    throw garbage(error instanceof Error ? error.message : where);
  }
  keepDetails(item, entries[0]);
  return entries;
}

/** Reads a whole Responses reply into the intermediate form. */
export function readResponsesReplyForm(body: unknown): ReplyForm {
  const reply: ResponsesReply = readResponsesReply(body);
  const entries = reply.output.flatMap((item, i) => readOutputItem(item, `output[${i}]`));
  return {
    id: reply.id,
    model: reply.model,
    createdAt: Math.floor(reply.created_at),
    entries,
    stop: readResponsesStop(reply.status, reply.incomplete_details?.reason, {
      calls: entries.some((entry) => entry.kind === 'call'),
      refusal: entries.some(isRefusal),
    }),
    usage: readResponsesUsage(reply.usage),
  };
}
