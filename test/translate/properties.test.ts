import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallFailure, countingIds, sseDecoder } from '../../src/protocol/index.js';
import type { JsonObject } from '../../src/protocol/index.js';
import type { Dialect } from '../../src/translate/index.js';
import { openExchange, replyFromChat, requestToChat } from '../../src/translate/index.js';
import { ThinkSplitter } from '../../src/translate/think-splitter.js';
import { splitThinking } from '../../src/translate/think-tags.js';
import {
  DIALECTS,
  assembleChat,
  assembleMessages,
  chunk,
  hello,
  orderProblems,
  outputOf,
  runStream,
  translated,
} from './support.js';

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const words = text.filter((value) => value !== '');
const id = fc.stringMatching(/^[a-z0-9_]{1,12}$/);
const args = fc.oneof(
  fc
    .dictionary(fc.string({ maxLength: 5 }), fc.jsonValue(), { maxKeys: 3 })
    .map((value) => JSON.stringify(value)),
  text,
);

interface Call {
  id: string;
  name: string;
  arguments: string;
}
const call: fc.Arbitrary<Call> = fc.record({ id, name: id, arguments: args });
const callList = fc.uniqueArray(call, { maxLength: 4, selector: (each) => each.id });

/** A conversation that every dialect can hold: turns with calls and their results. */
const turn = fc.record({
  ask: words,
  say: text,
  calls: callList,
  results: fc.array(text, { minLength: 4, maxLength: 4 }),
});
const conversation = fc.array(turn, { minLength: 1, maxLength: 4 });

type Turn = typeof turn extends fc.Arbitrary<infer T> ? T : never;

function chatMessages(turns: readonly Turn[]): JsonObject[] {
  return turns.flatMap(({ ask, say, calls, results }, t): JsonObject[] => [
    { role: 'user', content: ask },
    {
      role: 'assistant',
      content: calls.length > 0 && say === '' ? null : say,
      ...(calls.length === 0
        ? {}
        : {
            tool_calls: calls.map((each) => ({
              id: `${t}_${each.id}`,
              type: 'function',
              function: { name: each.name, arguments: each.arguments },
            })),
          }),
    },
    ...calls.map((each, i) => ({ role: 'tool', tool_call_id: `${t}_${each.id}`, content: results[i]! })),
  ]);
}

describe('requests', () => {
  it('Chat → Responses → Chat keeps the conversation', () => {
    fc.assert(
      fc.property(conversation, (turns) => {
        const messages = chatMessages(turns);
        const there = translated('chat', 'responses', { messages });
        const back = translated('responses', 'chat', there)['messages'] as JsonObject[];
        const normal = messages.map((m) =>
          m['role'] === 'assistant' && m['content'] === '' ? { ...m, content: null } : m,
        );
        expect(back).toEqual(normal);
      }),
    );
  });

  it('Chat → Messages → Chat keeps every call and result, as JSON values', () => {
    fc.assert(
      fc.property(conversation, (turns) => {
        const messages = chatMessages(turns);
        const there = translated('chat', 'messages', { messages });
        const back = translated('messages', 'chat', there)['messages'] as JsonObject[];
        const meaning = (list: JsonObject[]): unknown =>
          list.flatMap((m) => [
            ...((m['tool_calls'] ?? []) as JsonObject[]).map((c) => {
              const fn = c['function'] as JsonObject;
              return [c['id'], fn['name'], value(fn['arguments'] as string)];
            }),
            ...(m['role'] === 'tool' ? [[m['tool_call_id'], m['content']]] : []),
          ]);
        expect(meaning(back)).toEqual(meaning(messages));
      }),
    );
  });

  it('is the same each time and changes nothing in place', () => {
    fc.assert(
      fc.property(conversation, fc.constantFrom(...DIALECTS), (turns, upstream) => {
        const body = { messages: chatMessages(turns) };
        const before = JSON.stringify(body);
        const once = JSON.stringify(translated('chat', upstream, body));
        expect(JSON.stringify(translated('chat', upstream, body))).toBe(once);
        expect(JSON.stringify(body)).toBe(before);
      }),
    );
  });
});

/** Arguments by meaning: JSON objects as values, `""` as `{}`, anything else as text. */
function value(raw: string): unknown {
  if (raw.trim() === '') return {};
  try {
    return JSON.parse(raw);
  } catch {
    return raw;
  }
}

/** Splits every call's arguments into pieces and shuffles the pieces of different calls into each other. */
const interleaving = fc.record({
  calls: fc.uniqueArray(call, { minLength: 1, maxLength: 4, selector: (each) => each.id }),
  order: fc.array(fc.nat(100), { maxLength: 40 }),
  size: fc.integer({ min: 1, max: 9 }),
});

function interleave({ calls, order, size }: { calls: Call[]; order: number[]; size: number }): JsonObject[] {
  const queues = calls.map((each) =>
    [...each.arguments.matchAll(new RegExp(`[^]{1,${size}}`, 'g'))].map(([piece]) => piece),
  );
  const opened = new Set<number>();
  const events: JsonObject[] = [];
  const step = (index: number): void => {
    if (!opened.has(index)) {
      // Providers open calls in the order of their index.
      for (let i = 0; i <= index; i++) {
        if (opened.has(i)) continue;
        opened.add(i);
        const fn = { name: calls[i]!.name, arguments: '' };
        events.push(chunk({ tool_calls: [{ index: i, id: calls[i]!.id, type: 'function', function: fn }] }));
      }
    }
    const piece = queues[index]!.shift();
    if (piece !== undefined) events.push(chunk({ tool_calls: [{ index, function: { arguments: piece } }] }));
  };
  for (const pick of order) step(pick % calls.length);
  calls.forEach((_, index) => {
    step(index);
    while (queues[index]!.length > 0) step(index);
  });
  return events;
}

describe('streams', () => {
  it('any interleaving of tool deltas gives the right arguments, in all dialects', () => {
    fc.assert(
      fc.property(interleaving, (given) => {
        const events = [...interleave(given), chunk({}, 'tool_calls'), '[DONE]'];
        const expected = given.calls.map((each) => [each.id, each.name, each.arguments]);
        const responses = runStream('responses', 'chat', events);
        expect(orderProblems(responses)).toEqual([]);
        expect(outputOf(responses).map((item) => [item['call_id'], item['name'], item['arguments']])).toEqual(
          expected,
        );
        const { blocks, texts } = assembleMessages(runStream('messages', 'chat', events));
        expect(blocks.map((block, i) => [block['id'], block['name'], texts[i]])).toEqual(expected);
        const again = assembleChat(runStream('chat', 'responses', responses.data));
        expect(again.calls.map((each) => [each.id, each.name, each.arguments])).toEqual(expected);
      }),
    );
  });

  it('any cut of the text through think tags gives what the whole text gives', () => {
    const tagged = fc
      .array(fc.oneof(fc.constantFrom('<think>a</think>', '<', '<thi', '</think', '>', 'think>'), text), {
        maxLength: 8,
      })
      .map((pieces) => pieces.join(''))
      .filter((whole) => !/<think>(?![^]*<\/think>)/.test(whole.slice(whole.lastIndexOf('</think>') + 1)));
    fc.assert(
      fc.property(tagged, fc.array(fc.nat(200), { maxLength: 8 }), (whole, cuts) => {
        const texts: string[] = [];
        let rest = '';
        const splitter = new ThinkSplitter({
          text: (piece) => (rest += piece),
          open: () => texts.push(''),
          thought: (piece) => texts.push((texts.pop() ?? '') + piece),
        });
        const at = [...new Set(cuts.map((cut) => cut % (whole.length + 1)))].sort((a, b) => a - b);
        [0, ...at].forEach((from, i) => splitter.push(whole.slice(from, at[i] ?? whole.length)));
        splitter.end();
        expect({ texts, text: rest }).toEqual(splitThinking(whole));
      }),
    );
  });

  it('any cut of the bytes gives the same client bytes', () => {
    const events = [
      chunk({ reasoning_content: '東京' }),
      chunk({ content: '😀 é\r\n' }),
      chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":"ü"}' } }] }),
      chunk({}, 'tool_calls'),
    ];
    const bytes = Buffer.from(
      `${events.map((event) => `data: ${JSON.stringify(event)}\r\n\r\n`).join('')}data: [DONE]\n\n`,
    );
    const run = (client: Dialect, pieces: Uint8Array[]): string => {
      let out = '';
      const stream = openExchange(hello(client), { client, upstream: 'chat', newId: countingIds() }).stream(
        (piece) => {
          out += piece;
        },
      );
      const decoder = sseDecoder((event) => stream.push(event));
      for (const piece of pieces) decoder.push(piece);
      decoder.end();
      stream.end();
      return out;
    };
    fc.assert(
      fc.property(
        fc.constantFrom(...DIALECTS),
        fc.array(fc.nat(bytes.length), { maxLength: 10 }),
        (client, cuts) => {
          const at = [...new Set(cuts)].sort((a, b) => a - b);
          const pieces = [0, ...at].map((from, i) => bytes.subarray(from, at[i] ?? bytes.length));
          expect(run(client, pieces)).toBe(run(client, [bytes]));
        },
      ),
    );
  });
});

describe('untrusted input', () => {
  /** JSON that looks a little like the dialects, so that it gets past the first checks. */
  const key = fc.constantFrom(
    'type',
    'role',
    'content',
    'text',
    'id',
    'name',
    'arguments',
    'function',
    'tool_calls',
    'choices',
    'delta',
    'message',
    'index',
    'finish_reason',
    'usage',
    'output',
    'item',
    'output_index',
    'content_block',
    'input',
    'summary',
    'call_id',
    'error',
    'response',
    'stop_reason',
    'messages',
    'tools',
    '__proto__',
    'constructor',
  );
  const word = fc.constantFrom(
    'message',
    'function_call',
    'reasoning',
    'text',
    'assistant',
    'user',
    'tool_use',
    'thinking',
    'message_start',
    'content_block_start',
    'content_block_delta',
    'text_delta',
    'response.output_item.added',
    'response.completed',
    'response.output_text.delta',
    'response.output_item.done',
    'stop',
    'message_delta',
    'function',
    '',
  );
  const soup = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      word,
      fc.integer(),
      fc.constant(null),
      fc.boolean(),
      tie('list'),
      tie('object'),
    ),
    list: fc.array(tie('value'), { maxLength: 4 }),
    object: fc.dictionary(key, tie('value'), { maxKeys: 6, noNullPrototype: true }),
  })).value;

  it('requests and replies: a translation or a typed failure, nothing else', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...DIALECTS),
        fc.constantFrom(...DIALECTS),
        soup,
        soup,
        (client, upstream, body, reply) => {
          const given =
            typeof body === 'object' && body !== null && !Array.isArray(body)
              ? (body as JsonObject)
              : hello(client);
          try {
            JSON.stringify(translated(client, upstream, given));
          } catch (error) {
            expect(error).toBeInstanceOf(CallFailure);
          }
          const exchange = openExchange(hello(client), { client, upstream, newId: countingIds() });
          try {
            JSON.stringify(exchange.reply(reply));
          } catch (error) {
            expect(error).toBeInstanceOf(CallFailure);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('streams: exactly one end, never a throw', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...DIALECTS),
        fc.constantFrom(...DIALECTS),
        fc.array(soup, { maxLength: 8 }),
        (client, upstream, events) => {
          const result = runStream(
            client,
            upstream,
            events.map((event) => ({ data: JSON.stringify(event) })),
          );
          expect(result.stream.outcome).toBeDefined();
          if (client === 'responses' && upstream !== 'responses' && result.stream.started) {
            expect(orderProblems(result)).toEqual([]);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('polluting keys are data', () => {
    const body = JSON.parse(
      '{"input":"hi","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    ) as JsonObject;
    for (const upstream of DIALECTS) {
      const sent = JSON.stringify(translated('responses', upstream, body));
      expect(sent).toContain('"__proto__":{"polluted":1}');
    }
    const schema = JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"}}}') as JsonObject;
    const tools = [{ type: 'function', name: '__proto__', parameters: schema }];
    expect(JSON.stringify(requestToChat({ input: 'hi', tools }, { newId: countingIds() }))).toContain(
      '"__proto__":{"type":"string"}',
    );
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('arguments that never end are refused', () => {
    const big = 'x'.repeat(1024 * 1024);
    const events = [
      chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '' } }] }),
      ...Array.from({ length: 17 }, () =>
        chunk({ tool_calls: [{ index: 0, function: { arguments: big } }] }),
      ),
    ];
    const { stream } = runStream('chat', 'messages', [], { end: false });
    expect(stream.outcome).toBeUndefined();
    const result = runStream('messages', 'chat', events);
    expect((result.stream.outcome as CallFailure).kind).toBe('oversized_reply');
  });

  it('a reply of a Chat upstream never loses text or calls', () => {
    fc.assert(
      fc.property(text, callList, (content, calls) => {
        const message = {
          role: 'assistant',
          content,
          tool_calls: calls.map((each) => ({
            id: each.id,
            type: 'function',
            function: { name: each.name, arguments: each.arguments },
          })),
        };
        const reply = replyFromChat(
          { choices: [{ message, finish_reason: 'stop' }] },
          { input: 'q' },
          { newId: countingIds() },
        );
        const found = reply.output.flatMap((item) =>
          item.type === 'function_call' ? [[item['call_id'], item['name'], item['arguments']]] : [],
        );
        expect(found).toEqual(calls.map((each) => [each.id, each.name, each.arguments]));
        expect(JSON.stringify(reply)).toContain(JSON.stringify(content).slice(1, -1));
      }),
    );
  });
});
