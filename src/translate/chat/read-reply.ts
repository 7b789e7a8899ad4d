import type { JsonObject } from '../../protocol/index.js';
import { isObject } from '../../protocol/index.js';
import { garbage } from '../failures.js';
import type { CallEntry, Entry, Part, ReasoningEntry, ReplyForm, Stop } from '../form.js';
import { throwErrorStop, throwInBandError } from '../in-band.js';
import { splitThinking } from '../think-tags.js';
import type { TranslateOptions } from '../options.js';
import { captureTokens, readTokens } from '../tokens.js';
import { uniqueIds } from '../unique-ids.js';
import { readChatUsage } from './usage.js';

export interface ReadReplyOptions extends Pick<
  TranslateOptions,
  'usesReasoningParser' | 'newId' | 'tokenIds' | 'capability' | 'sideStore'
> {
  /** Prompt token ids found another way, for engines that do not return them. */
  promptTokenIds?: readonly number[];
}

const STOPS: Readonly<Record<string, Stop>> = {
  stop: 'end',
  eos: 'end',
  end_turn: 'end',
  tool_calls: 'tool_calls',
  tool_use: 'tool_calls',
  function_call: 'tool_calls',
  length: 'length',
  max_tokens: 'length',
  model_length: 'length',
  content_filter: 'content_filter',
  safety: 'content_filter',
  recitation: 'content_filter',
};

/** What a finish reason means; words that we do not know mean a plain end. */
export function readFinishReason(reason: string): Stop {
  const stop = Object.hasOwn(STOPS, reason.toLowerCase()) ? STOPS[reason.toLowerCase()] : undefined;
  return stop ?? 'end';
}

function textOf(value: unknown, what: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  throw garbage(`${what} is not text`);
}

/** Mistral writes content as a list of `text` and `thinking` parts; others are told apart by their type. */
export function readContent(content: unknown): { text: string; thinking: string[] } {
  if (!Array.isArray(content)) return { text: textOf(content, 'message.content'), thinking: [] };
  let text = '';
  const thinking: string[] = [];
  for (const part of content as unknown[]) {
    if (!isObject(part)) throw garbage('message.content has a part that is not an object');
    if (part['type'] === 'thinking') thinking.push(readContent(part['thinking']).text);
    else text += textOf(part['text'], 'a part of message.content');
  }
  return { text, thinking };
}

/** Arguments as text; an object (some servers send one) is written as JSON. */
export function argumentsText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'object') return JSON.stringify(value);
  throw garbage('the arguments of a tool call are neither text nor an object');
}

function readCall(value: unknown, newId: (prefix: string) => string): CallEntry {
  const call = isObject(value) ? value : {};
  const custom = isObject(call['custom']) ? call['custom'] : undefined;
  const fn = custom ?? (isObject(call['function']) ? call['function'] : undefined);
  const name = fn?.['name'];
  if (fn === undefined || typeof name !== 'string' || name === '') {
    throw garbage('a tool call has no function name');
  }
  const id = typeof call['id'] === 'string' && call['id'] !== '' ? call['id'] : newId('call_');
  const entry: CallEntry = {
    kind: 'call',
    callId: id,
    name,
    arguments: argumentsText(custom === undefined ? fn['arguments'] : fn['input']),
  };
  if (custom !== undefined) entry.custom = true;
  if (call['extra_content'] !== undefined) entry.extra = { extra_content: call['extra_content'] };
  return entry;
}

function readCalls(message: JsonObject, { newId, sideStore }: ReadReplyOptions): CallEntry[] {
  const calls = message['tool_calls'];
  if (calls === undefined || calls === null) {
    const legacy = message['function_call'];
    return isObject(legacy) ? [readCall({ function: legacy }, newId)] : [];
  }
  if (!Array.isArray(calls)) throw garbage('message.tool_calls is not a list');
  const unique = uniqueIds();
  return calls.map((value) => {
    const call = readCall(value, newId);
    call.callId = unique(call.callId);
    if (call.extra !== undefined) sideStore?.set(call.callId, call.extra);
    return call;
  });
}

/** The reasoning that came in a field of its own: `reasoning_content`, `reasoning`, or the texts of `reasoning_details`. */
export function readReasoningField(message: JsonObject): string {
  for (const key of ['reasoning_content', 'reasoning']) {
    const value = message[key];
    if (typeof value === 'string' && value !== '') return value;
  }
  const details = message['reasoning_details'];
  if (!Array.isArray(details)) return '';
  return details
    .map((detail) => {
      const text = isObject(detail) ? (detail['text'] ?? detail['summary']) : undefined;
      return typeof text === 'string' ? text : '';
    })
    .join('');
}

/** Everything of the message that is reasoning, as one entry, and the text that is left. */
function readReasoning(
  message: JsonObject,
  options: ReadReplyOptions,
): { reasoning: ReasoningEntry | undefined; text: string } {
  const { text: content, thinking } = readContent(message['content']);
  const tagged = options.usesReasoningParser === true ? splitThinking(content) : { texts: [], text: content };
  const field = readReasoningField(message);
  const texts = [...(field === '' ? [] : [field]), ...thinking, ...tagged.texts];
  const details = message['reasoning_details'];
  const keeps = Array.isArray(details) && details.length > 0;
  if (texts.length === 0 && !keeps) return { reasoning: undefined, text: tagged.text };
  const reasoning: ReasoningEntry = { kind: 'reasoning', texts, form: 'summary' };
  if (keeps) reasoning.extra = { reasoning_details: details };
  return { reasoning, text: tagged.text };
}

function readMessage(message: JsonObject, choice: JsonObject, options: ReadReplyOptions): Entry[] {
  const { reasoning, text } = readReasoning(message, options);
  const refusal = textOf(message['refusal'], 'message.refusal');
  const calls = readCalls(message, options);
  const entries: Entry[] = reasoning === undefined ? [] : [reasoning];
  // The output is never empty: a reply that says nothing is a message without text.
  if (text !== '' || refusal !== '' || (entries.length === 0 && calls.length === 0)) {
    const content: Part[] = [];
    if (text !== '' || refusal === '') {
      const logprobs = isObject(choice['logprobs']) ? choice['logprobs']['content'] : undefined;
      const asked = options.tokenIds !== true && Array.isArray(logprobs);
      content.push(asked ? { kind: 'text', text, logprobs } : { kind: 'text', text });
    }
    if (refusal !== '') content.push({ kind: 'refusal', text: refusal });
    entries.push({ kind: 'message', role: 'assistant', content });
  }
  entries.push(...calls);
  return entries;
}

/** Reads a whole Chat Completions reply; the first choice counts. Throws `garbage_reply` and `in_band_error`. */
export function readChatReply(body: unknown, options: ReadReplyOptions): ReplyForm {
  if (!isObject(body)) throw garbage('the body is not a JSON object');
  throwInBandError(body);
  const choice = Array.isArray(body['choices']) ? body['choices'][0] : undefined;
  if (!isObject(choice)) throw garbage('there are no choices');
  throwInBandError(choice);
  throwErrorStop(choice['finish_reason']);
  const message = choice['message'];
  if (!isObject(message)) throw garbage('choices[0].message is missing');
  const reason = choice['finish_reason'];
  if (reason !== undefined && reason !== null && typeof reason !== 'string') {
    throw garbage('finish_reason is not text');
  }
  const entries = readMessage(message, choice, options);
  const tokens =
    options.tokenIds === true
      ? captureTokens(body, choice, message, options.promptTokenIds)
      : readTokens(message);
  if (tokens !== undefined) (entries.at(-1) as CallEntry).tokens = tokens;
  const stop = readFinishReason(reason ?? 'stop');
  const calls = entries.some((entry) => entry.kind === 'call');
  const form: ReplyForm = {
    entries,
    // What was assembled decides between a tool stop and a plain one, not the provider's word.
    stop: stop === 'end' || stop === 'tool_calls' ? (calls ? 'tool_calls' : 'end') : stop,
    usage: readChatUsage(body['usage'], options.capability),
  };
  if (typeof body['id'] === 'string') form.id = body['id'];
  if (typeof body['model'] === 'string') form.model = body['model'];
  if (typeof body['created'] === 'number') form.createdAt = body['created'];
  return form;
}
