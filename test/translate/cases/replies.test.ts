import { describe, expect, it } from 'vitest';
import { CallFailure } from '../../../src/protocol/index.js';
import type { JsonObject } from '../../../src/protocol/index.js';
import type { Dialect } from '../../../src/translate/index.js';
import { exchange, hello, record } from '../support.js';

const chatReply = (message: JsonObject, finish = 'stop', more: JsonObject = {}): JsonObject => ({
  id: 'c1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finish }],
  ...more,
});
const messagesReply = (content: JsonObject[], stop = 'end_turn', more: JsonObject = {}): JsonObject => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'm',
  content,
  stop_reason: stop,
  stop_sequence: null,
  usage: { input_tokens: 3, output_tokens: 4 },
  ...more,
});
const responsesReply = (output: JsonObject[], more: JsonObject = {}): JsonObject => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  model: 'm',
  status: 'completed',
  output,
  ...more,
});
const said = (text: string): JsonObject => ({
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations: [] }],
});
const fnCall = (id: string, args = '{}', name = 'f'): JsonObject => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});
const reply = (client: Dialect, upstream: Dialect, body: JsonObject, more = {}): JsonObject =>
  exchange(client, upstream, hello(client), more).reply(body);
const output = (body: JsonObject, more = {}): JsonObject[] =>
  reply('responses', 'chat', body, more)['output'] as JsonObject[];
const choice = (body: JsonObject): JsonObject => (body['choices'] as JsonObject[])[0]!;

describe('whole replies', () => {
  it('case 14: duplicate call ids are made unique', () => {
    const items = output(
      chatReply({ content: null, tool_calls: [fnCall('x'), fnCall('x'), fnCall('x_2')] }, 'tool_calls'),
    );
    const ids = items.map((item) => item['call_id']);
    expect(new Set(ids).size).toBe(3);
    expect(ids[0]).toBe('x');
  });

  it('case 15: missing ids are made up', () => {
    const call = { type: 'function', function: { name: 'f', arguments: '{}' } };
    const [item] = output(chatReply({ content: null, tool_calls: [call] }, 'tool_calls'));
    expect(item!['call_id']).toMatch(/^call_[0-9a-f]{32}$/);
    expect(item!['id']).toBe(item!['call_id']);
  });

  it('case 22: thinking and redacted thinking of a reply come back byte for byte', () => {
    const content: JsonObject[] = [
      { type: 'thinking', thinking: 'hm', signature: 'c2ln' },
      { type: 'redacted_thinking', data: 'cmVk' },
      { type: 'text', text: 'a' },
    ];
    const there = reply('responses', 'messages', messagesReply(content));
    const input = [
      { role: 'user', content: 'q' },
      ...(there['output'] as JsonObject[]),
      { role: 'user', content: 'r' },
    ];
    const { body } = exchange('responses', 'messages', { input });
    expect((body['messages'] as JsonObject[])[1]!['content']).toEqual(content);
  });

  it('case 26: thought signatures reach the item and the side store', () => {
    const extra = { extra_content: { google: { thought_signature: 'sig' } } };
    const stored = new Map<string, unknown>();
    const sideStore = {
      set: (id: string, value: unknown) => void stored.set(id, value),
      get: () => undefined,
    };
    const body = chatReply({ content: null, tool_calls: [{ ...fnCall('a'), ...extra }] }, 'tool_calls');
    expect(output(body, { sideStore })[0]).toMatchObject(extra);
    expect(stored.get('a')).toEqual(extra);
    const [block] = reply('messages', 'chat', body)['content'] as JsonObject[];
    expect(block).toMatchObject({ type: 'tool_use', ...extra });
  });

  it.each(['reasoning_content', 'reasoning'])(
    'case 27: %s becomes a reasoning item, with or without the parser',
    (field) => {
      for (const usesReasoningParser of [true, false]) {
        const items = output(chatReply({ content: 'a', [field]: 'why' }), { usesReasoningParser });
        expect(items.map((item) => item['type'])).toEqual(['reasoning', 'message']);
        expect(items[0]!['summary']).toEqual([{ type: 'summary_text', text: 'why' }]);
      }
    },
  );

  it('case 27: think tags become reasoning with the parser and stay text without', () => {
    const body = chatReply({ content: '<think>x</think>a' });
    expect(output(body, { usesReasoningParser: true }).map((item) => item['type'])).toEqual([
      'reasoning',
      'message',
    ]);
    expect(JSON.stringify(output(body))).toContain('<think>x</think>a');
  });

  it('case 34: a custom tool that was sent as a function comes back as a custom call', () => {
    const request = { input: 'q', tools: [{ type: 'custom', name: 'sh' }] };
    const body = chatReply(
      { content: null, tool_calls: [fnCall('a', '{"input":"ls"}', 'sh')] },
      'tool_calls',
    );
    const [item] = exchange('responses', 'chat', request).reply(body)['output'] as JsonObject[];
    expect(item).toEqual({
      type: 'custom_tool_call',
      call_id: 'a',
      name: 'sh',
      input: 'ls',
      id: 'a',
      status: 'completed',
    });
  });

  it('cases 35 and 65: aliased and namespaced names are restored', () => {
    const name = 'a.b';
    const tools: JsonObject[] = [
      { type: 'function', name },
      { type: 'namespace', name: 'fs', tools: [{ type: 'function', name: 'read' }] },
    ];
    const opened = exchange('responses', 'chat', { input: 'q', tools }, { capability: record('openai') });
    const sent = (opened.body['tools'] as JsonObject[]).map(
      (tool) => (tool['function'] as JsonObject)['name'] as string,
    );
    const calls = [fnCall('1', '{}', sent[0]), fnCall('2', '{}', sent[1])];
    const items = opened.reply(chatReply({ content: null, tool_calls: calls }, 'tool_calls'))[
      'output'
    ] as JsonObject[];
    expect(items[0]).toMatchObject({ name: 'a.b' });
    expect(items[1]).toMatchObject({ name: 'read', namespace: 'fs' });
  });

  it('case 38: a reply cut by its limit is incomplete in every dialect, also inside a tool call', () => {
    const cut = chatReply({ content: null, tool_calls: [fnCall('a', '{"x":')] }, 'length');
    expect(reply('responses', 'chat', cut)).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
    });
    expect(reply('messages', 'chat', cut)['stop_reason']).toBe('max_tokens');
    const incomplete = responsesReply([said('a')], {
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
    });
    expect(choice(reply('chat', 'responses', incomplete))['finish_reason']).toBe('length');
    expect(reply('messages', 'responses', incomplete)['stop_reason']).toBe('max_tokens');
    const limited = messagesReply([{ type: 'text', text: 'a' }], 'max_tokens');
    expect(choice(reply('chat', 'messages', limited))['finish_reason']).toBe('length');
    expect(reply('responses', 'messages', limited)['status']).toBe('incomplete');
  });

  it('case 39: what was assembled decides between a tool stop and a plain one', () => {
    const calls = { content: null, tool_calls: [fnCall('a')] };
    expect(reply('messages', 'chat', chatReply(calls, 'stop'))['stop_reason']).toBe('tool_use');
    expect(reply('messages', 'chat', chatReply({ content: 'a' }, 'tool_calls'))['stop_reason']).toBe(
      'end_turn',
    );
    expect(
      choice(reply('chat', 'messages', messagesReply([{ type: 'text', text: 'a' }], 'tool_use')))[
        'finish_reason'
      ],
    ).toBe('stop');
  });

  it('case 40: refusals and content filters in all dialects', () => {
    expect(output(chatReply({ content: null, refusal: 'no' }))[0]!['content']).toEqual([
      { type: 'refusal', refusal: 'no' },
    ]);
    expect(reply('responses', 'chat', chatReply({ content: 'x' }, 'content_filter'))).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'content_filter' },
    });
    const refused = messagesReply([{ type: 'text', text: 'x' }], 'refusal');
    expect(reply('responses', 'messages', refused)).toMatchObject({
      incomplete_details: { reason: 'content_filter' },
    });
    expect(choice(reply('chat', 'messages', refused))['finish_reason']).toBe('content_filter');
    const part = { ...said(''), content: [{ type: 'refusal', refusal: 'no' }] };
    expect(reply('messages', 'responses', responsesReply([part]))).toMatchObject({
      stop_reason: 'refusal',
      content: [{ type: 'text', text: 'no' }],
    });
    expect(choice(reply('chat', 'responses', responsesReply([part])))['message']).toMatchObject({
      refusal: 'no',
    });
  });

  it('case 42: cached tokens are added and subtracted once', () => {
    const usage = {
      input_tokens: 10,
      output_tokens: 5,
      cache_read_input_tokens: 100,
      cache_creation_input_tokens: 20,
    };
    const there = reply('responses', 'messages', messagesReply([], 'end_turn', { usage }));
    expect(there['usage']).toEqual({
      input_tokens: 130,
      input_tokens_details: { cached_tokens: 100, cache_write_tokens: 20 },
      output_tokens: 5,
      output_tokens_details: { reasoning_tokens: null },
      total_tokens: 135,
    });
    const back = reply(
      'messages',
      'responses',
      responsesReply([said('a')], { usage: there['usage'] as JsonObject }),
    );
    expect(back['usage']).toEqual(usage);
  });

  it('case 42: unknown details stay unknown', () => {
    const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
    expect(reply('responses', 'chat', chatReply({ content: 'a' }, 'stop', { usage }))['usage']).toMatchObject(
      {
        input_tokens_details: { cached_tokens: null },
        output_tokens_details: { reasoning_tokens: null },
      },
    );
    expect(reply('messages', 'chat', chatReply({ content: 'a' }, 'stop', { usage }))['usage']).toEqual({
      input_tokens: 1,
      output_tokens: 2,
    });
    expect(reply('responses', 'chat', chatReply({ content: 'a' }))['usage']).toBeNull();
  });

  it('case 44: reasoning that a provider counts beside the completion is added', () => {
    const usage = {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 115,
      completion_tokens_details: { reasoning_tokens: 100 },
    };
    const body = chatReply({ content: 'a' }, 'stop', { usage });
    expect(reply('responses', 'chat', body, { capability: record('gemini') })['usage']).toMatchObject({
      output_tokens: 105,
      total_tokens: 115,
    });
    expect(reply('responses', 'chat', body)['usage']).toMatchObject({ output_tokens: 5 });
  });

  it('case 47: an error in a 200 body is an in-band failure', () => {
    const body = { error: { code: 502, message: 'upstream down' } };
    for (const client of ['responses', 'messages', 'chat'] as const) {
      expect(() => reply(client, 'chat', body)).toThrow(/upstream down/);
    }
    try {
      reply('responses', 'chat', body);
    } catch (error) {
      expect((error as CallFailure).kind).toBe('in_band_error');
      expect((error as CallFailure).retryable).toBe(true);
    }
  });

  it.each(['error', 'ERROR'])(
    'a stop for the reason "%s" is an in-band failure, whatever was said',
    (reason) => {
      for (const message of [{ content: 'half an ans' }, { content: null }, null]) {
        const body = chatReply({ content: 'x' }, reason);
        choice(body)['message'] = message;
        expect(() => reply('responses', 'chat', body)).toThrow(/stopped with an error/);
        expect(() => reply('messages', 'chat', body)).toThrow(/stopped with an error/);
      }
    },
  );

  it('case 57: log-probabilities cross between Chat and Responses', () => {
    const content = [{ token: 'a', logprob: -0.1, bytes: [97], top_logprobs: [] }];
    const body = chatReply({ content: 'a' });
    choice(body)['logprobs'] = { content };
    const there = reply('responses', 'chat', body);
    expect((there['output'] as JsonObject[])[0]).toMatchObject({ content: [{ logprobs: content }] });
    expect(choice(reply('chat', 'responses', there))['logprobs']).toEqual({ content, refusal: null });
  });

  it('case 62: unknown output items are skipped and reported across dialects', () => {
    const losses: string[] = [];
    const onLoss = ({ part }: { part: string }): void => void losses.push(part);
    const search = { type: 'web_search_call', id: 'ws_1', status: 'completed' };
    const body = responsesReply([search, said('a')]);
    expect(choice(reply('chat', 'responses', body, { onLoss }))['message']).toMatchObject({ content: 'a' });
    expect(reply('messages', 'responses', body, { onLoss })['content']).toEqual([
      { type: 'text', text: 'a' },
    ]);
    expect(losses).toEqual(['web_search_call', 'web_search_call']);
    expect(reply('responses', 'responses', body)).toEqual(body);
  });

  it('case 18: arguments that are no object are wrapped for Messages clients, raw for the others', () => {
    const body = chatReply({ content: null, tool_calls: [fnCall('a', 'not json')] }, 'tool_calls');
    expect(output(body)[0]).toMatchObject({ arguments: 'not json' });
    expect(reply('messages', 'chat', body)['content']).toMatchObject([{ input: { _raw: 'not json' } }]);
    const object = chatReply({
      content: null,
      tool_calls: [{ id: 'a', function: { name: 'f', arguments: { x: 1 } } }],
    });
    expect(output(object)[0]).toMatchObject({ arguments: '{"x":1}' });
  });

  it.each([
    ['no choices', {}],
    ['empty choices', { choices: [] }],
    ['no message', { choices: [{ index: 0, finish_reason: 'stop' }] }],
    ['content that is a number', chatReply({ content: 5 })],
    ['a call without a name', chatReply({ content: null, tool_calls: [{ id: 'a', function: {} }] })],
    ['calls that are no list', chatReply({ content: null, tool_calls: {} })],
  ])('garbage is a typed failure: %s', (_, body) => {
    try {
      reply('responses', 'chat', body);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(CallFailure);
      expect((error as CallFailure).kind).toBe('garbage_reply');
    }
  });
});
