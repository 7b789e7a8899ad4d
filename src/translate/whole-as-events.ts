import type { JsonObject, SseEvent } from '../protocol/index.js';
import { isObject } from '../protocol/index.js';
import type { Dialect } from './form.js';

/**
 * A whole reply as the events of a stream of its own dialect, for upstreams that do not stream. Say it to
 * `Exchange.stream`, then `end`.
 */
export function wholeAsEvents(dialect: Dialect, reply: JsonObject): SseEvent[] {
  if (dialect === 'chat') return chatEvents(reply);
  return dialect === 'messages' ? messagesEvents(reply) : responsesEvents(reply);
}

type TypedEvent = JsonObject & { type: string };

function named(type: string, fields: JsonObject): SseEvent {
  return { event: type, data: JSON.stringify({ type, ...fields }) };
}

function chatEvents(reply: JsonObject): SseEvent[] {
  const { id, created, model, usage, system_fingerprint: fingerprint } = reply;
  const head = {
    ...(id !== undefined && { id }),
    object: 'chat.completion.chunk',
    ...(created !== undefined && { created }),
    ...(model !== undefined && { model }),
    ...(fingerprint !== undefined && { system_fingerprint: fingerprint }),
  };
  const choices = (Array.isArray(reply['choices']) ? reply['choices'] : []).filter(isObject);
  const said = choices.map(({ message, index, logprobs }) => ({
    index: index ?? 0,
    delta: isObject(message) ? withIndexes(message) : {},
    ...(logprobs !== undefined && { logprobs }),
    finish_reason: null,
  }));
  const over = choices.map(({ index, finish_reason: reason }) => ({
    index: index ?? 0,
    delta: {},
    finish_reason: reason ?? 'stop',
  }));
  const chunks: JsonObject[] = [
    { ...head, choices: said },
    { ...head, choices: over },
  ];
  if (isObject(usage)) chunks.push({ ...head, choices: [], usage });
  return [...chunks.map((chunk) => ({ data: JSON.stringify(chunk) })), { data: '[DONE]' }];
}

/** Tool calls of a stream say which one they belong to. */
function withIndexes(message: JsonObject): JsonObject {
  const calls = message['tool_calls'];
  if (!Array.isArray(calls)) return message;
  return { ...message, tool_calls: calls.map((call, index) => (isObject(call) ? { index, ...call } : call)) };
}

function messagesEvents(reply: JsonObject): SseEvent[] {
  const { content, stop_reason: reason, stop_sequence: sequence, usage } = reply;
  const blocks = (Array.isArray(content) ? content : []).filter(isObject);
  const start = { ...reply, content: [], stop_reason: null, stop_sequence: null };
  return [
    named('message_start', { message: start }),
    ...blocks.flatMap((block, index) => [
      ...blockEvents(block).map(({ type, ...fields }) => named(type, { ...fields, index })),
      named('content_block_stop', { index }),
    ]),
    named('message_delta', {
      delta: { stop_reason: reason ?? null, stop_sequence: sequence ?? null },
      usage: usage ?? {},
    }),
    named('message_stop', {}),
  ];
}

/** The start of a block and its one delta, or the whole block where there is no delta for its kind. */
function blockEvents(block: JsonObject): TypedEvent[] {
  const start = (content_block: JsonObject): TypedEvent => ({ type: 'content_block_start', content_block });
  const delta = (fields: JsonObject): TypedEvent => ({ type: 'content_block_delta', delta: fields });
  const { type, text, thinking, signature, input } = block;
  if (type === 'text')
    return [start({ ...block, text: '' }), delta({ type: 'text_delta', text: text ?? '' })];
  if (type === 'tool_use') {
    const json = JSON.stringify(input ?? {});
    return [start({ ...block, input: {} }), delta({ type: 'input_json_delta', partial_json: json })];
  }
  if (type !== 'thinking') return [start(block)];
  return [
    start({ type, thinking: '', signature: '' }),
    delta({ type: 'thinking_delta', thinking: thinking ?? '' }),
    ...(signature === undefined ? [] : [delta({ type: 'signature_delta', signature })]),
  ];
}

function responsesEvents(reply: JsonObject): SseEvent[] {
  const output = (Array.isArray(reply['output']) ? reply['output'] : []).filter(isObject);
  const created = { ...reply, status: 'in_progress', output: [], usage: null };
  const events: TypedEvent[] = [
    { type: 'response.created', response: created },
    ...output.flatMap((item, output_index) => [
      { type: 'response.output_item.added', output_index, item: { ...item, ...unfinished(item) } },
      { type: 'response.output_item.done', output_index, item },
    ]),
    { type: terminalType(reply), response: reply },
  ];
  return events.map(({ type, ...fields }, sequence_number) => named(type, { ...fields, sequence_number }));
}

/** What an item looks like before it has any content. */
function unfinished({ type }: JsonObject): JsonObject {
  if (type === 'function_call') return { arguments: '', status: 'in_progress' };
  if (type === 'message') return { content: [], status: 'in_progress' };
  return type === 'reasoning' ? { summary: [] } : {};
}

function terminalType({ status }: JsonObject): string {
  if (status === 'incomplete') return 'response.incomplete';
  return status === 'failed' ? 'response.failed' : 'response.completed';
}
