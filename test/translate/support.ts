import type { JsonObject, SseEvent } from '../../src/protocol/index.js';
import { countingIds, sseDecoder } from '../../src/protocol/index.js';
import type { Dialect, ExchangeOptions, StreamTranslation } from '../../src/translate/index.js';
import { openExchange, resolveCapability } from '../../src/translate/index.js';

export const DIALECTS: readonly Dialect[] = ['responses', 'chat', 'messages'];

/** The capability record of a provider, by name. */
export function record(name: string) {
  const { capability, problems } = resolveCapability({ name });
  if (problems.length > 0) throw new Error(problems[0]!.message);
  return capability;
}

type More = Partial<ExchangeOptions>;

export function exchange(client: Dialect, upstream: Dialect, body: JsonObject, more: More = {}) {
  return openExchange(body, { client, upstream, newId: countingIds(), ...more });
}

/** The upstream body for a client's body. */
export function translated(
  client: Dialect,
  upstream: Dialect,
  body: JsonObject,
  more: More = {},
): JsonObject {
  return exchange(client, upstream, body, more).body;
}

/** A minimal request of each dialect. */
export function hello(dialect: Dialect): JsonObject {
  if (dialect === 'responses') return { input: 'hi' };
  const messages = [{ role: 'user', content: 'hi' }];
  return dialect === 'chat' ? { messages } : { messages, max_tokens: 100 };
}

export interface StreamResult {
  events: SseEvent[];
  /** The parsed data of every event but `[DONE]`. */
  data: JsonObject[];
  text: string;
  stream: StreamTranslation;
}

/** Runs upstream events through a stream translation. Objects become `data:` lines, named by their `type`. */
export function runStream(
  client: Dialect,
  upstream: Dialect,
  events: readonly (JsonObject | SseEvent | string)[],
  more: More & { body?: JsonObject; end?: boolean } = {},
): StreamResult {
  const out: SseEvent[] = [];
  let text = '';
  const { body = hello(client), end = true, ...options } = more;
  const stream = exchange(client, upstream, body, { stream: true, ...options }).stream((piece, event) => {
    text += piece;
    out.push(event);
  });
  for (const event of events) stream.push(toSse(event));
  if (end) stream.end();
  return { events: out, data: dataOf(out), text, stream };
}

export function toSse(event: JsonObject | SseEvent | string): SseEvent {
  if (typeof event === 'string') return { data: event };
  if (typeof event['data'] === 'string') return event as unknown as SseEvent;
  const { type } = event as JsonObject;
  return typeof type === 'string'
    ? { event: type, data: JSON.stringify(event) }
    : { data: JSON.stringify(event) };
}

function dataOf(events: readonly SseEvent[]): JsonObject[] {
  return events.filter(({ data }) => data !== '[DONE]').map(({ data }) => JSON.parse(data) as JsonObject);
}

/** Events of a byte stream, as a client's decoder sees them. */
export function decode(text: string): SseEvent[] {
  const events: SseEvent[] = [];
  const decoder = sseDecoder((event) => events.push(event));
  decoder.push(new TextEncoder().encode(text));
  decoder.end();
  return events;
}

/** A Chat chunk with one choice. */
export function chunk(delta: JsonObject, finish: string | null = null, more: JsonObject = {}): JsonObject {
  return {
    id: 'c1',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'm',
    choices: [{ index: 0, delta, finish_reason: finish }],
    ...more,
  };
}

export const USAGE = { prompt_tokens: 11, completion_tokens: 5, total_tokens: 16 };
export const USAGE_CHUNK: JsonObject = {
  id: 'c1',
  object: 'chat.completion.chunk',
  created: 1_700_000_000,
  model: 'm',
  choices: [],
  usage: USAGE,
};

/** The terminal event of a Responses stream. */
export function terminal(result: StreamResult): JsonObject {
  const last = result.data.at(-1);
  if (last === undefined) throw new Error('the stream is empty');
  return last;
}

export function outputOf(result: StreamResult): JsonObject[] {
  return (terminal(result)['response'] as JsonObject)['output'] as JsonObject[];
}

/** What a Chat client has after a stream, put together by the rules of the dialect. */
export function assembleChat(result: StreamResult) {
  const calls: { id: string; name: string; arguments: string }[] = [];
  let content = '';
  let reasoning = '';
  let refusal = '';
  let finish: unknown = null;
  for (const data of result.data) {
    const [choice] = (data['choices'] ?? []) as JsonObject[];
    const delta = (choice?.['delta'] ?? {}) as JsonObject;
    if (typeof delta['content'] === 'string') content += delta['content'];
    if (typeof delta['reasoning_content'] === 'string') reasoning += delta['reasoning_content'];
    if (typeof delta['refusal'] === 'string') refusal += delta['refusal'];
    for (const call of (delta['tool_calls'] ?? []) as JsonObject[]) {
      const at = (calls[call['index'] as number] ??= { id: '', name: '', arguments: '' });
      const fn = (call['function'] ?? {}) as JsonObject;
      if (typeof call['id'] === 'string') at.id = call['id'];
      if (typeof fn['name'] === 'string') at.name = fn['name'];
      if (typeof fn['arguments'] === 'string') at.arguments += fn['arguments'];
    }
    finish = choice?.['finish_reason'] ?? finish;
  }
  return { content, reasoning, refusal, calls, finish };
}

/** What a Messages client has after a stream. Fails when blocks are not one after another. */
export function assembleMessages(result: StreamResult) {
  const blocks: JsonObject[] = [];
  const texts: string[] = [];
  let open: number | undefined;
  let stop: unknown = null;
  for (const data of result.data) {
    const index = data['index'] as number;
    if (data['type'] === 'content_block_start') {
      if (open !== undefined) throw new Error('two blocks are open');
      if (index !== blocks.length) throw new Error('block indexes have gaps');
      open = index;
      blocks.push({ ...(data['content_block'] as JsonObject) });
      texts.push('');
    } else if (data['type'] === 'content_block_delta') {
      if (open !== index) throw new Error('a delta for a block that is not open');
      const delta = data['delta'] as JsonObject;
      const text = delta['text'] ?? delta['thinking'] ?? delta['partial_json'];
      if (typeof text === 'string') texts[index] = (texts[index] ?? '') + text;
      if (typeof delta['signature'] === 'string') blocks[index]!['signature'] = delta['signature'];
    } else if (data['type'] === 'content_block_stop') {
      if (open !== index) throw new Error('a stop for a block that is not open');
      open = undefined;
    } else if (data['type'] === 'message_delta') stop = (data['delta'] as JsonObject)['stop_reason'];
  }
  return { blocks, texts, stop };
}

/** Checks the order rules of a Responses stream; returns the list of what is wrong. */
export function orderProblems(result: StreamResult): string[] {
  const problems: string[] = [];
  const added = new Set<unknown>();
  const done: unknown[] = [];
  const counts = new Map<string, number>();
  const texts = new Map<string, string>();
  const terminals = ['response.completed', 'response.incomplete', 'response.failed'];
  result.data.forEach((event, i) => {
    const type = event['type'] as string;
    counts.set(type, (counts.get(type) ?? 0) + 1);
    if (event['sequence_number'] !== i)
      problems.push(`sequence_number ${JSON.stringify(event['sequence_number'])} at ${i}`);
    if (result.events[i]!.event !== type) problems.push(`event name differs at ${i}`);
    const index = event['output_index'];
    if (type === 'response.output_item.added') added.add(index);
    else if (index !== undefined && !added.has(index)) problems.push(`${type} before its item was added`);
    if (type === 'response.output_item.done') done.push(index);
    else if (done.includes(index) && index !== undefined) problems.push(`${type} after its item was done`);
    const item = event['item'] as JsonObject | undefined;
    if (type === 'response.output_item.added' && item!['type'] === 'function_call') {
      if (typeof item!['call_id'] !== 'string' || item!['name'] === '')
        problems.push('a call without call_id or name');
    }
    const key = `${JSON.stringify(index)}/${JSON.stringify(event['content_index'] ?? event['summary_index'] ?? 0)}`;
    if (type.endsWith('.delta')) texts.set(key, (texts.get(key) ?? '') + (event['delta'] as string));
    const whole = event['text'] ?? event['arguments'] ?? event['refusal'] ?? event['input'];
    if (type.endsWith('.done') && typeof whole === 'string' && whole !== (texts.get(key) ?? '')) {
      problems.push(`${type} differs from its deltas`);
    }
  });
  const failed = counts.has('response.failed');
  if (!failed && JSON.stringify(done) !== JSON.stringify([...done].sort()))
    problems.push('items done out of order');
  if (!failed && done.length !== added.size) problems.push('not every item is done');
  const ends = result.data.filter((event) => terminals.includes(event['type'] as string));
  if (ends.length !== 1 || ends[0] !== result.data.at(-1))
    problems.push('not exactly one terminal event at the end');
  if (counts.get('response.created') !== 1 || counts.get('response.in_progress') !== 1)
    problems.push('no single start');
  const output = (terminal(result)['response'] as JsonObject)['output'] as unknown[];
  if (output.length !== done.length) problems.push('the terminal event does not repeat every item');
  return problems;
}
