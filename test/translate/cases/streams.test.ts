import { describe, expect, it } from 'vitest';
import { CallFailure } from '../../../src/protocol/index.js';
import type { JsonObject } from '../../../src/protocol/index.js';
import {
  DIALECTS,
  USAGE,
  USAGE_CHUNK,
  assembleChat,
  assembleMessages,
  chunk,
  exchange,
  orderProblems,
  outputOf,
  record,
  runStream,
  terminal,
} from '../support.js';

const piece = (index: number | undefined, more: JsonObject): JsonObject => ({
  ...(index === undefined ? {} : { index }),
  ...more,
});
const named = (index: number | undefined, id: string | null, name: string, args = ''): JsonObject =>
  piece(index, { ...(id === null ? {} : { id }), type: 'function', function: { name, arguments: args } });
const args = (index: number | undefined, text: string): JsonObject =>
  piece(index, { function: { arguments: text } });
const calls = (...list: JsonObject[]): JsonObject => chunk({ tool_calls: list });
const done = (finish = 'tool_calls'): JsonObject => chunk({}, finish);

const interleaved = [
  calls(named(0, 'a', 'f')),
  calls(named(1, 'b', 'g')),
  calls(args(0, '{"x"')),
  calls(args(1, '{"y"')),
  calls(args(0, ':1}')),
  calls(args(1, ':2}')),
  done(),
  '[DONE]',
];

describe('streams from a Chat upstream', () => {
  it('cases 7, 8 and 12: interleaved calls get the right arguments, and are done in order', () => {
    const result = runStream('responses', 'chat', interleaved);
    expect(orderProblems(result)).toEqual([]);
    expect(outputOf(result).map((item) => [item['call_id'], item['name'], item['arguments']])).toEqual([
      ['a', 'f', '{"x":1}'],
      ['b', 'g', '{"y":2}'],
    ]);
  });

  it('case 8: towards Messages, where blocks come one after another, the later call waits', () => {
    const { blocks, texts, stop } = assembleMessages(runStream('messages', 'chat', interleaved));
    expect(blocks.map((block) => [block['id'], block['name']])).toEqual([
      ['a', 'f'],
      ['b', 'g'],
    ]);
    expect(texts).toEqual(['{"x":1}', '{"y":2}']);
    expect(stop).toBe('tool_use');
  });

  it('case 8: a call that is whole gives way at once', () => {
    const result = runStream(
      'messages',
      'chat',
      [calls(named(0, 'a', 'f', '{}')), calls(named(1, 'b', 'g', '{"y":'))],
      {
        end: false,
      },
    );
    expect(result.data.filter((event) => event['type'] === 'content_block_start')).toHaveLength(2);
  });

  it('case 9: several calls in one delta are all kept', () => {
    const result = runStream('responses', 'chat', [
      calls(named(0, 'a', 'f', '{}'), named(1, 'b', 'g', '{}')),
      done(),
      '[DONE]',
    ]);
    expect(outputOf(result).map((item) => item['name'])).toEqual(['f', 'g']);
  });

  it.each([
    [
      'no index',
      [
        calls(named(undefined, 'a', 'f', '{"x"')),
        calls(args(undefined, ':1}')),
        calls(named(undefined, 'b', 'g', '{"y":2}')),
      ],
    ],
    [
      'index always 0',
      [calls(named(0, 'a', 'f', '{"x"')), calls(args(0, ':1}')), calls(named(0, 'b', 'g', '{"y":2}'))],
    ],
    [
      'repeated id and name',
      [
        calls(named(0, 'a', 'f', '{"x"')),
        calls(named(0, 'a', 'f', ':1}')),
        calls(named(1, 'b', 'g', '{"y":2}')),
      ],
    ],
    [
      'whole calls at once, no index',
      [calls(named(undefined, 'a', 'f', '{"x":1}'), named(undefined, 'b', 'g', '{"y":2}'))],
    ],
    [
      'an index that does not match',
      [
        calls(named(1, 'a', 'f', '{"x"')),
        calls(piece(2, { id: 'a', function: { arguments: ':1}' } })),
        calls(named(3, 'b', 'g', '{"y":2}')),
      ],
    ],
    [
      'the name after the arguments',
      [
        calls(piece(0, { id: 'a', function: { arguments: '{"x"' } })),
        calls(named(0, null, 'f', ':1}')),
        calls(named(1, 'b', 'g', '{"y":2}')),
      ],
    ],
  ])('case 10: %s', (_, events) => {
    const result = runStream('responses', 'chat', [...events, done(), '[DONE]']);
    expect(orderProblems(result)).toEqual([]);
    expect(outputOf(result).map((item) => [item['call_id'], item['name'], item['arguments']])).toEqual([
      ['a', 'f', '{"x":1}'],
      ['b', 'g', '{"y":2}'],
    ]);
  });

  it('more calls than any model makes are refused', () => {
    const many = Array.from({ length: 5000 }, (_, i) => calls(named(i, `id_${i}`, 'f', '{}')));
    expect((runStream('chat', 'chat', many).stream.outcome as CallFailure).kind).toBe('oversized_reply');
  });

  it('case 11: the event that adds a call carries call_id and name', () => {
    const result = runStream('responses', 'chat', interleaved);
    const added = result.data.filter((event) => event['type'] === 'response.output_item.added');
    expect(added.map((event) => event['item'])).toMatchObject([
      { type: 'function_call', call_id: 'a', name: 'f', arguments: '', status: 'in_progress' },
      { type: 'function_call', call_id: 'b', name: 'g', arguments: '', status: 'in_progress' },
    ]);
  });

  it('case 14: two calls under one id are two calls with two ids', () => {
    const result = runStream('responses', 'chat', [
      calls(named(0, 'x', 'f', '{}')),
      calls(named(1, 'x', 'g', '{}')),
      done(),
      '[DONE]',
    ]);
    expect(outputOf(result).map((item) => [item['call_id'], item['name']])).toEqual([
      ['x', 'f'],
      ['x_2', 'g'],
    ]);
  });

  it('case 15: an id that never comes is made up and stays the same', () => {
    const result = runStream('responses', 'chat', [
      calls(named(0, null, 'f')),
      calls(args(0, '{}')),
      done(),
      '[DONE]',
    ]);
    const [item] = outputOf(result);
    expect(item!['call_id']).toMatch(/^call_/);
    const ids = new Set(
      result.data.flatMap((event) => (event['item_id'] === undefined ? [] : [event['item_id']])),
    );
    expect(ids).toEqual(new Set([item!['id']]));
  });

  it('case 25: only the first choice is read', () => {
    const other = {
      ...chunk({}),
      choices: [{ index: 1, delta: { content: 'other', reasoning: 'theirs' }, finish_reason: null }],
    };
    const result = runStream('responses', 'chat', [
      chunk({ content: 'mine' }),
      other,
      done('stop'),
      '[DONE]',
    ]);
    expect(result.text).not.toContain('other');
    expect(result.text).not.toContain('theirs');
  });

  it('case 26: a thought signature on a streamed call reaches the item', () => {
    const extra = { extra_content: { google: { thought_signature: 'sig' } } };
    const result = runStream('responses', 'chat', [
      calls({ ...named(0, 'a', 'f', '{}'), ...extra }),
      done(),
      '[DONE]',
    ]);
    expect(outputOf(result)[0]).toMatchObject(extra);
  });

  it.each(['reasoning_content', 'reasoning'])('case 27: %s deltas become a reasoning item', (field) => {
    const events = [
      chunk({ [field]: 'wh' }),
      chunk({ [field]: 'y' }),
      chunk({ content: 'a' }),
      done('stop'),
      '[DONE]',
    ];
    const result = runStream('responses', 'chat', events);
    expect(orderProblems(result)).toEqual([]);
    expect(outputOf(result)).toMatchObject([
      { type: 'reasoning', summary: [{ text: 'why' }] },
      { type: 'message', content: [{ text: 'a' }] },
    ]);
    const blocks = assembleMessages(runStream('messages', 'chat', events));
    expect(blocks.blocks.map((block) => block['type'])).toEqual(['thinking', 'text']);
    expect(blocks.texts).toEqual(['why', 'a']);
  });

  it('case 27: think tags split anywhere', () => {
    const text = '<think>wh<y</think>\nanswer <thin';
    for (let cut = 1; cut < text.length; cut++) {
      const events = [
        chunk({ content: text.slice(0, cut) }),
        chunk({ content: text.slice(cut) }),
        done('stop'),
        '[DONE]',
      ];
      const result = runStream('responses', 'chat', events, { usesReasoningParser: true });
      expect(outputOf(result)).toMatchObject([
        { type: 'reasoning', summary: [{ text: 'wh<y' }] },
        { type: 'message', content: [{ text: '\nanswer <thin' }] },
      ]);
    }
  });

  it('case 38: a stream cut by its limit ends incomplete, also inside a call', () => {
    const events = [calls(named(0, 'a', 'f', '{"x":')), done('length'), '[DONE]'];
    const result = runStream('responses', 'chat', events);
    expect(terminal(result)).toMatchObject({
      type: 'response.incomplete',
      response: { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
    });
    expect(assembleMessages(runStream('messages', 'chat', events)).stop).toBe('max_tokens');
  });

  it('case 39: what was assembled decides the stop', () => {
    const stopped = runStream('messages', 'chat', [calls(named(0, 'a', 'f', '{}')), done('stop'), '[DONE]']);
    expect(assembleMessages(stopped).stop).toBe('tool_use');
    const plain = runStream('messages', 'chat', [chunk({ content: 'a' }), done('tool_calls'), '[DONE]']);
    expect(assembleMessages(plain).stop).toBe('end_turn');
  });

  it('case 40: refusals and filters', () => {
    const refused = runStream('responses', 'chat', [
      chunk({ refusal: 'I ' }),
      chunk({ refusal: 'wont' }),
      done('stop'),
      '[DONE]',
    ]);
    expect(orderProblems(refused)).toEqual([]);
    expect(outputOf(refused)[0]).toMatchObject({ content: [{ type: 'refusal', refusal: 'I wont' }] });
    const filtered = runStream('responses', 'chat', [
      chunk({ content: 'a' }),
      done('content_filter'),
      '[DONE]',
    ]);
    expect(terminal(filtered)).toMatchObject({
      type: 'response.incomplete',
      response: { incomplete_details: { reason: 'content_filter' } },
    });
  });

  it('case 41: the terminal event waits for the usage chunk, whatever came before', () => {
    const early = chunk({ content: 'a' }, null, { usage: null });
    const waiting = runStream('responses', 'chat', [early, done('stop')], { end: false });
    expect(waiting.stream.finishing).toBe(true);
    expect(terminal(waiting)['type']).not.toBe('response.completed');
    const result = runStream('responses', 'chat', [early, done('stop'), USAGE_CHUNK], { end: false });
    expect(terminal(result)).toMatchObject({
      type: 'response.completed',
      response: { usage: { input_tokens: 11 } },
    });
    const together = runStream('responses', 'chat', [
      chunk({ content: 'a' }, 'stop', { usage: USAGE }),
      '[DONE]',
    ]);
    expect(terminal(together)).toMatchObject({ response: { usage: { total_tokens: 16 } } });
  });

  it('case 41: Chat upstreams are asked for usage where they allow it', () => {
    const body = { input: 'q', stream: true };
    expect(exchange('responses', 'chat', body).body).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(exchange('responses', 'chat', body, { capability: record('mistral') }).body).not.toHaveProperty(
      'stream_options',
    );
    const wanted = {
      messages: [{ role: 'user', content: 'q' }],
      stream: true,
      stream_options: { include_usage: true },
    };
    expect(exchange('chat', 'messages', wanted).body).not.toHaveProperty('stream_options');
  });

  it('case 43: the final count of input tokens reaches Messages clients', () => {
    const result = runStream('messages', 'chat', [
      chunk({ content: 'a' }),
      done('stop'),
      USAGE_CHUNK,
      '[DONE]',
    ]);
    const delta = result.data.find((event) => event['type'] === 'message_delta');
    expect(delta).toMatchObject({ usage: { input_tokens: 11, output_tokens: 5 } });
  });

  it('case 45: every part is added and done with its text, and the terminal event repeats the output', () => {
    const result = runStream('responses', 'chat', [
      chunk({ role: 'assistant', content: '' }),
      chunk({ content: 'he' }),
      chunk({ content: 'y' }),
      done('stop'),
      '[DONE]',
    ]);
    expect(orderProblems(result)).toEqual([]);
    expect(result.data.map((event) => event['type'])).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(result.data[6]).toMatchObject({ text: 'hey' });
  });

  it('case 45: a reply that says nothing is one empty message', () => {
    const result = runStream('responses', 'chat', [chunk({ role: 'assistant' }), done('stop'), '[DONE]']);
    expect(orderProblems(result)).toEqual([]);
    expect(outputOf(result)).toMatchObject([{ type: 'message', content: [{ text: '' }] }]);
  });

  it.each(DIALECTS)('case 46: a cut stream is a failure for %s clients, never complete', (client) => {
    const result = runStream(client, 'chat', [chunk({ content: 'par' })]);
    expect(result.stream.outcome).toBeInstanceOf(CallFailure);
    expect((result.stream.outcome as CallFailure).kind).toBe('connection_reset');
    expect(result.text).not.toContain('response.completed');
    expect(result.text).not.toContain('message_stop');
    expect(result.text).not.toContain('"finish_reason":"stop"');
    expect(result.text).toMatch(/response\.failed|event: error|"error":/);
  });

  it.each(DIALECTS)('case 47: an error inside the stream reaches %s clients in their dialect', (client) => {
    const result = runStream(client, 'chat', [
      chunk({ content: 'a' }),
      { error: { code: 502, message: 'it broke' } },
    ]);
    expect((result.stream.outcome as CallFailure).kind).toBe('in_band_error');
    expect(result.text).toContain('it broke');
    if (client === 'responses') expect(terminal(result)['type']).toBe('response.failed');
    if (client === 'messages') expect(result.events.at(-1)!.event).toBe('error');
    if (client === 'chat') expect(result.data.at(-1)).toHaveProperty('error');
  });

  it('case 47: nothing was sent when the first event is the error: another attempt may follow', () => {
    const opened = runStream('messages', 'chat', [], { end: false });
    expect(opened.stream.started).toBe(false);
    const result = runStream('responses', 'chat', [{ error: { message: 'busy' } }]);
    expect(orderProblems(result)).toEqual([]);
  });

  it('case 48: no [DONE], empty lines and keep-alives are tolerated', () => {
    const result = runStream('responses', 'chat', [
      { event: 'keepalive', data: '' },
      chunk({ content: 'a' }),
      { data: ' ' },
      done('stop'),
    ]);
    expect(terminal(result)['type']).toBe('response.completed');
    expect(runStream('chat', 'chat', [chunk({ content: 'a' }), done('stop')]).text.trimEnd()).toMatch(
      /\[DONE\]$/,
    );
  });

  it.each(DIALECTS)('case 50: a bad chunk is a clean failure for %s clients', (client) => {
    const result = runStream(client, 'chat', [
      chunk({ content: 'a' }),
      '{"choices":[{"del',
      chunk({ content: 'b' }),
      done('stop'),
    ]);
    expect((result.stream.outcome as CallFailure).kind).toBe('garbage_reply');
    expect(result.text).not.toContain('{"choices":[{"del');
  });

  it('case 51: raw control characters inside JSON are read leniently', () => {
    const raw = '{"choices":[{"index":0,"delta":{"content":"a\tb\nc"},"finish_reason":null}]}';
    const result = runStream('responses', 'chat', [raw, done('stop'), '[DONE]']);
    expect(outputOf(result)).toMatchObject([{ content: [{ text: 'a\tb\nc' }] }]);
  });

  it('case 57: log-probabilities of deltas', () => {
    const content = [{ token: 'a', logprob: -0.5, bytes: null, top_logprobs: [] }];
    const event = chunk({ content: 'a' });
    (event['choices'] as JsonObject[])[0]!['logprobs'] = { content };
    const result = runStream('responses', 'chat', [event, done('stop'), '[DONE]']);
    expect(result.data.find((each) => each['type'] === 'response.output_text.delta')).toMatchObject({
      logprobs: content,
    });
    expect(outputOf(result)).toMatchObject([{ content: [{ logprobs: content }] }]);
  });

  it('case 60: a second start from the upstream does not start the client again', () => {
    const start = {
      type: 'message_start',
      message: {
        id: 'm',
        type: 'message',
        role: 'assistant',
        model: 'm',
        content: [],
        usage: { input_tokens: 1, output_tokens: 0 },
      },
    };
    const result = runStream('responses', 'messages', [start, start], { end: false });
    expect(result.data.filter((event) => event['type'] === 'response.created')).toHaveLength(1);
    result.stream.fail(new CallFailure('connection_reset', 'gone'));
    result.stream.fail(new CallFailure('connection_reset', 'gone'));
    expect(result.stream.started).toBe(true);
  });
});

const anthropic = (...blocks: JsonObject[][]): JsonObject[] => [
  {
    type: 'message_start',
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude',
      content: [],
      stop_reason: null,
      usage: { input_tokens: 7, output_tokens: 1, cache_read_input_tokens: 3 },
    },
  },
  { type: 'ping' },
  ...blocks.flatMap(([start, ...deltas], index): JsonObject[] => [
    { type: 'content_block_start', index, content_block: start! },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ]),
];
const anthropicEnd = (stop = 'end_turn'): JsonObject[] => [
  { type: 'message_delta', delta: { stop_reason: stop, stop_sequence: null }, usage: { output_tokens: 9 } },
  { type: 'message_stop' },
];
const thinking: JsonObject[] = [
  { type: 'thinking', thinking: '', signature: '' },
  { type: 'thinking_delta', thinking: 'hm' },
  { type: 'signature_delta', signature: 'c2ln' },
];
const text: JsonObject[] = [
  { type: 'text', text: '' },
  { type: 'text_delta', text: 'he' },
  { type: 'text_delta', text: 'y' },
];
const tool = (...pieces: string[]): JsonObject[] => [
  { type: 'tool_use', id: 't1', name: 'f', input: {} },
  ...pieces.map((partial_json) => ({ type: 'input_json_delta', partial_json })),
];

describe('streams from a Messages upstream', () => {
  const whole = [...anthropic(thinking, text, tool('{"x"', ':1}')), ...anthropicEnd('tool_use')];

  it('becomes a Responses stream with signature, text, call and usage', () => {
    const result = runStream('responses', 'messages', whole);
    expect(orderProblems(result)).toEqual([]);
    expect(outputOf(result)).toMatchObject([
      { type: 'reasoning', summary: [{ text: 'hm' }], encrypted_content: 'c2ln' },
      { type: 'message', content: [{ text: 'hey' }] },
      { type: 'function_call', call_id: 't1', name: 'f', arguments: '{"x":1}' },
    ]);
    expect(terminal(result)).toMatchObject({
      response: { usage: { input_tokens: 10, output_tokens: 9, input_tokens_details: { cached_tokens: 3 } } },
    });
  });

  it('becomes a Chat stream', () => {
    const result = runStream('chat', 'messages', whole, {
      body: { messages: [{ role: 'user', content: 'q' }], stream_options: { include_usage: true } },
    });
    expect(assembleChat(result)).toEqual({
      content: 'hey',
      reasoning: 'hm',
      refusal: '',
      calls: [{ id: 't1', name: 'f', arguments: '{"x":1}' }],
      finish: 'tool_calls',
    });
    expect(result.data.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 10 } });
    expect(result.events.at(-1)!.data).toBe('[DONE]');
  });

  it('case 22: redacted thinking keeps its data', () => {
    const events = [...anthropic([{ type: 'redacted_thinking', data: 'cmVk' }], text), ...anthropicEnd()];
    expect(outputOf(runStream('responses', 'messages', events))[0]).toMatchObject({
      type: 'reasoning',
      summary: [],
      encrypted_content: 'cmVk',
    });
  });

  it('case 18: a call without any input is {}', () => {
    const events = [...anthropic(tool()), ...anthropicEnd('tool_use')];
    expect(outputOf(runStream('responses', 'messages', events))[0]).toMatchObject({ arguments: '{}' });
  });

  it('case 64: invalid JSON of fine-grained tool streaming passes raw', () => {
    const events = [...anthropic(tool('{"x": "unfin')), ...anthropicEnd('max_tokens')];
    expect(outputOf(runStream('responses', 'messages', events))[0]).toMatchObject({
      arguments: '{"x": "unfin',
    });
    expect(assembleChat(runStream('chat', 'messages', events)).calls[0]!.arguments).toBe('{"x": "unfin');
  });

  it('case 46: without message_delta it is cut, without message_stop alone it is complete', () => {
    expect(runStream('responses', 'messages', anthropic(text)).stream.outcome).toBeInstanceOf(CallFailure);
    const [delta] = anthropicEnd();
    expect(runStream('responses', 'messages', [...anthropic(text), delta!]).stream.outcome).toBe('complete');
  });

  it('case 47: an error event', () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    for (const client of DIALECTS) {
      const result = runStream(client, 'messages', [...anthropic(text), error]);
      expect((result.stream.outcome as CallFailure).kind).toBe('in_band_error');
      expect(result.text).toContain('Overloaded');
    }
  });

  it('case 62: unknown events, blocks and deltas are skipped across dialects', () => {
    const events = [
      ...anthropic(
        [
          { type: 'server_tool_use', id: 's', name: 'web', input: {} },
          { type: 'new_delta', x: 1 },
        ],
        text,
      ),
      { type: 'new_event' },
      ...anthropicEnd(),
    ];
    expect(outputOf(runStream('responses', 'messages', events))).toMatchObject([{ type: 'message' }]);
  });
});

describe('streams from a Responses upstream', () => {
  /** A Responses stream, made by our own writer from a Chat one. */
  const source = (events: (JsonObject | string)[]): JsonObject[] =>
    runStream('responses', 'chat', events).data;
  const mixed = [
    chunk({ reasoning_content: 'why' }),
    chunk({ content: 'he' }),
    chunk({ content: 'y' }),
    calls(named(0, 'a', 'f', '{"x"')),
    calls(named(1, 'b', 'g', '{"y":2}')),
    calls(args(0, ':1}')),
    done(),
    USAGE_CHUNK,
    '[DONE]',
  ];
  const expected = [
    { id: 'a', name: 'f', arguments: '{"x":1}' },
    { id: 'b', name: 'g', arguments: '{"y":2}' },
  ];

  it('becomes a Chat stream', () => {
    const result = runStream('chat', 'responses', source(mixed));
    expect(assembleChat(result)).toEqual({
      content: 'hey',
      reasoning: 'why',
      refusal: '',
      calls: expected,
      finish: 'tool_calls',
    });
  });

  it('becomes a Messages stream', () => {
    const result = runStream('messages', 'responses', source(mixed));
    const { blocks, texts, stop } = assembleMessages(result);
    expect(blocks.map((block) => block['type'])).toEqual(['thinking', 'text', 'tool_use', 'tool_use']);
    expect(texts).toEqual(['why', 'hey', '{"x":1}', '{"y":2}']);
    expect(stop).toBe('tool_use');
    expect(result.data.find((event) => event['type'] === 'message_delta')).toMatchObject({
      usage: { input_tokens: 11, output_tokens: 5 },
    });
  });

  it('reads servers that send whole items only, or nothing but the terminal event', () => {
    const events = source(mixed);
    const items = events.filter((event) => /created|item\.done|completed/.test(event['type'] as string));
    const only = events.filter((event) => /created|completed/.test(event['type'] as string));
    for (const list of [items, only]) {
      expect(assembleChat(runStream('chat', 'responses', list))).toMatchObject({
        content: 'hey',
        reasoning: 'why',
        calls: expected,
      });
    }
  });

  it('case 46: without a terminal event it is cut', () => {
    const events = source(mixed).slice(0, -1);
    for (const client of DIALECTS) {
      const result = runStream(client, 'responses', events);
      expect(result.stream.outcome).toBeInstanceOf(CallFailure);
    }
    const relayed = runStream('responses', 'responses', events);
    expect(terminal(relayed)).toMatchObject({ type: 'response.failed', response: { status: 'failed' } });
    expect(terminal(relayed)['sequence_number']).toBe(events.length);
  });

  it('case 38: incomplete stays incomplete', () => {
    const events = source([chunk({ content: 'a' }), done('length'), '[DONE]']);
    expect(assembleChat(runStream('chat', 'responses', events)).finish).toBe('length');
    expect(assembleMessages(runStream('messages', 'responses', events)).stop).toBe('max_tokens');
  });

  it('case 47: response.failed and error events', () => {
    const failed = {
      type: 'response.failed',
      response: { status: 'failed', error: { code: 'server_error', message: 'it broke' } },
    };
    const error = { type: 'error', code: 'server_error', message: 'it broke', param: null };
    for (const event of [failed, error]) {
      for (const client of DIALECTS) {
        const result = runStream(client, 'responses', [...source(mixed).slice(0, 3), event]);
        expect((result.stream.outcome as CallFailure).kind).toBe('in_band_error');
        expect(result.text).toContain('it broke');
      }
    }
  });
});

describe('same dialect', () => {
  it('case 62: every byte of data passes, unknown events and fields included', () => {
    const odd: JsonObject[] = [
      chunk({ content: 'a', odd: { deep: [1] } }, null, { provider: 'x' }),
      { ...chunk({}), choices: [{ index: 1, delta: { content: 'second choice' }, finish_reason: null }] },
      chunk({}, 'stop', { system_fingerprint: 'f' }),
      USAGE_CHUNK,
    ];
    const result = runStream('chat', 'chat', [...odd, '[DONE]']);
    expect(result.data).toEqual(odd);
    const events = [...anthropic(thinking, text), { type: 'new_event', x: 1 }, ...anthropicEnd()];
    expect(runStream('messages', 'messages', events).data).toEqual(events);
    const responses = runStream('responses', 'messages', events).data;
    const strange = [
      ...responses.slice(0, 2),
      { type: 'response.future', sequence_number: 99 },
      ...responses.slice(2),
    ];
    expect(runStream('responses', 'responses', strange).data).toEqual(strange);
  });
});
