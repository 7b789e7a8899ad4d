import type { JsonObject } from '../../protocol/index.js';
import type { CallEntry, Entry, ReplyForm, Stop } from '../form.js';
import type { ToolNames } from '../names.js';
import { restoreCall } from '../names.js';
import type { TranslateOptions } from '../options.js';
import { writeChatUsage } from './usage.js';

/** The finish reason for a stop. */
export function finishReason(stop: Stop): string {
  if (stop === 'length' || stop === 'context') return 'length';
  if (stop === 'content_filter' || stop === 'refusal') return 'content_filter';
  return stop === 'tool_calls' ? 'tool_calls' : 'stop';
}

interface MessageParts {
  text: string | null;
  refusal: string | null;
  reasoning: string;
  details: unknown[];
  logprobs: unknown[] | null;
  calls: JsonObject[];
}

function addMessage(entry: Extract<Entry, { kind: 'message' }>, parts: MessageParts): void {
  const content =
    typeof entry.content === 'string' ? [{ kind: 'text', text: entry.content } as const] : entry.content;
  for (const part of content) {
    if (part.kind === 'text') parts.text = (parts.text ?? '') + part.text;
    if (
      part.kind === 'text' &&
      'logprobs' in part &&
      Array.isArray(part.logprobs) &&
      part.logprobs.length > 0
    ) {
      parts.logprobs = [...(parts.logprobs ?? []), ...(part.logprobs as unknown[])];
    }
    if (part.kind === 'refusal') parts.refusal = (parts.refusal ?? '') + part.text;
  }
}

function collect(form: ReplyForm, names: ToolNames, options: TranslateOptions): MessageParts {
  const parts: MessageParts = {
    text: null,
    refusal: null,
    reasoning: '',
    details: [],
    logprobs: null,
    calls: [],
  };
  for (const entry of form.entries) {
    if (entry.kind === 'message') addMessage(entry, parts);
    else if (entry.kind === 'reasoning') {
      parts.reasoning += entry.texts.join('');
      const details = entry.extra?.['reasoning_details'];
      if (Array.isArray(details)) parts.details.push(...(details as unknown[]));
    } else if (entry.kind === 'call') parts.calls.push(writeReplyCall(entry, names));
    else if (entry.kind === 'opaque') {
      options.onLoss?.({ part: entry.type, reason: 'Chat Completions has no form for it' });
    }
  }
  return parts;
}

/** A call of a reply as the client declared the tool. */
function writeReplyCall(given: CallEntry, names: ToolNames): JsonObject {
  const entry = restoreCall(given, names);
  const { callId: id, name } = entry;
  const call: JsonObject =
    entry.custom === true
      ? { id, type: 'custom', custom: { name, input: entry.arguments } }
      : { id, type: 'function', function: { name, arguments: entry.arguments } };
  const extra = entry.extra?.['extra_content'];
  if (extra !== undefined) call['extra_content'] = extra as JsonObject;
  return call;
}

/** A Chat Completions reply with one choice. */
export function writeChatReply(
  form: ReplyForm,
  model: string,
  names: ToolNames,
  options: TranslateOptions,
): JsonObject {
  const parts = collect(form, names, options);
  const message: JsonObject = { role: 'assistant', content: parts.text, refusal: parts.refusal };
  if (parts.reasoning !== '') message['reasoning_content'] = parts.reasoning;
  if (parts.details.length > 0) message['reasoning_details'] = parts.details as JsonObject[];
  if (parts.calls.length > 0) message['tool_calls'] = parts.calls;
  const reply: JsonObject = {
    id: options.newId('chatcmpl-'),
    object: 'chat.completion',
    created: options.now === undefined ? (form.createdAt ?? 0) : Math.floor(options.now() / 1000),
    model,
    choices: [
      {
        index: 0,
        message,
        logprobs: parts.logprobs === null ? null : { content: parts.logprobs as JsonObject[], refusal: null },
        finish_reason: finishReason(form.stop),
      },
    ],
  };
  if (form.usage !== null) reply['usage'] = writeChatUsage(form.usage);
  return reply;
}
