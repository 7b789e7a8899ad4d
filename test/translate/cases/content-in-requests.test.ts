import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/protocol/index.js';
import type { Dialect, Loss } from '../../../src/translate/index.js';
import { DIALECTS, record, translated } from '../support.js';

const user = (content: unknown): JsonObject => ({ role: 'user', content: content as string });
const chat = (body: JsonObject, more = {}): JsonObject => translated('responses', 'chat', body, more);
const chatMessages = (input: unknown, more = {}): JsonObject[] =>
  chat({ input: input as string }, more)['messages'] as JsonObject[];
const turns = (input: unknown, more = {}): JsonObject[] =>
  translated('responses', 'messages', { input: input as string }, more)['messages'] as JsonObject[];
const reasoning = (text: string, more: JsonObject = {}): JsonObject => ({
  type: 'reasoning',
  id: 'rs_1',
  summary: text === '' ? [] : [{ type: 'summary_text', text }],
  ...more,
});
const call = (id: string, more: JsonObject = {}): JsonObject => ({
  type: 'function_call',
  call_id: id,
  name: 'f',
  arguments: '{}',
  ...more,
});
const output = (id: string): JsonObject => ({ type: 'function_call_output', call_id: id, output: 'o' });

describe('content in requests', () => {
  it('case 19: an assistant that says nothing is legal in every target', () => {
    for (const content of [null, '', []]) {
      const silent = { type: 'message', role: 'assistant', content };
      expect(chatMessages([user('q'), silent])[1]).toEqual({ role: 'assistant', content: null });
      expect(chatMessages([user('q'), silent], { capability: record('openai') })[1]).toEqual({
        role: 'assistant',
        content: '',
      });
      expect(turns([user('q'), silent, user('r')])).toEqual([
        {
          role: 'user',
          content: [
            { type: 'text', text: 'q' },
            { type: 'text', text: 'r' },
          ],
        },
      ]);
    }
    expect(() => turns([user('')])).toThrow(/at least one message with content/);
  });

  it('case 20: replayed reasoning goes to its field, never into visible text, or is left out', () => {
    const input = [user('q'), reasoning('secret'), { role: 'assistant', content: 'a' }];
    const fields = (reasoningHistory: 'reasoning_content' | 'reasoning' | 'both_fields' | 'drop') =>
      chatMessages(input, { reasoningHistory })[1];
    expect(fields('reasoning_content')).toEqual({
      role: 'assistant',
      content: 'a',
      reasoning_content: 'secret',
    });
    expect(fields('reasoning')).toEqual({ role: 'assistant', content: 'a', reasoning: 'secret' });
    expect(fields('both_fields')).toMatchObject({ reasoning: 'secret', reasoning_content: 'secret' });
    expect(fields('drop')).toEqual({ role: 'assistant', content: 'a' });
  });

  it('case 21: reasoning goes back on every tool turn, with parallel calls too', () => {
    const input = [
      user('q'),
      reasoning('r1'),
      call('a'),
      call('b'),
      output('a'),
      output('b'),
      reasoning('r2'),
      call('c'),
      output('c'),
    ];
    const list = chatMessages(input, { capability: record('deepseek') });
    const assistants = list.filter((m) => m['role'] === 'assistant');
    expect(assistants.map((m) => m['reasoning_content'])).toEqual(['r1', 'r2']);
    expect((assistants[0]!['tool_calls'] as unknown[]).length).toBe(2);
  });

  it('case 22: signatures and redacted thinking survive Messages → Responses → Messages byte for byte', () => {
    const content: JsonObject[] = [
      { type: 'thinking', thinking: 'hm', signature: 'c2ln+/=' },
      { type: 'redacted_thinking', data: 'cmVk+/=' },
      { type: 'text', text: 'a' },
      { type: 'tool_use', id: 't1', name: 'f', input: { x: 1 } },
    ];
    const body: JsonObject = {
      max_tokens: 9,
      messages: [
        user('q'),
        { role: 'assistant', content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'r' }] },
      ],
    };
    const there = translated('messages', 'responses', body);
    const back = translated('responses', 'messages', there)['messages'] as JsonObject[];
    expect(back[1]!['content']).toEqual([content[0], content[1], content[2], content[3]]);
  });

  it('cases 23 and 66: the same request gives the same bytes', () => {
    const messages: JsonObject[] = [
      user('q'),
      {
        role: 'assistant',
        content: [
          { type: 'redacted_thinking', data: 'x' },
          { type: 'text', text: 'a' },
        ],
      },
    ];
    const bodies: Record<Dialect, JsonObject> = {
      responses: { input: [user('q'), reasoning('r'), call('a'), output('a')], metadata: { b: '1', a: '2' } },
      chat: { messages: [user('q'), { role: 'assistant', content: 'a', reasoning_content: 'r' }] },
      messages: { max_tokens: 5, messages },
    };
    for (const client of DIALECTS) {
      for (const upstream of DIALECTS) {
        const once = JSON.stringify(translated(client, upstream, bodies[client]));
        expect(JSON.stringify(translated(client, upstream, structuredClone(bodies[client])))).toBe(once);
      }
    }
  });

  it('case 24: thinking leads the assistant turn, unsigned thinking is dropped', () => {
    const losses: Loss[] = [];
    const input = [
      user('q'),
      { role: 'assistant', content: 'text' },
      reasoning('signed', { encrypted_content: 's' }),
      reasoning('unsigned'),
      call('a'),
      output('a'),
    ];
    const list = turns(input, { onLoss: (loss: Loss) => losses.push(loss) });
    expect((list[1]!['content'] as JsonObject[]).map((block) => block['type'])).toEqual([
      'thinking',
      'text',
      'tool_use',
    ]);
    expect(JSON.stringify(list)).not.toContain('unsigned');
    expect(losses.map((loss) => loss.part)).toEqual(['input[3]']);
  });

  it('case 25: reasoning that another provider made is left out on request', () => {
    const input = [
      user('q'),
      reasoning('theirs', { encrypted_content: 'x', provider: 'other' }),
      call('a'),
      output('a'),
    ];
    const acceptReasoning = (entry: { extra?: Readonly<Record<string, unknown>> }): boolean =>
      entry.extra?.['provider'] !== 'other';
    expect(JSON.stringify(turns(input, { acceptReasoning }))).not.toContain('theirs');
    expect(JSON.stringify(chatMessages(input, { acceptReasoning }))).not.toContain('theirs');
  });

  it('case 26: a thought signature on a call survives in the item, or in the side store', () => {
    const extra = { extra_content: { google: { thought_signature: 'sig' } } };
    expect((chatMessages([call('a', extra)])[0]!['tool_calls'] as JsonObject[])[0]).toMatchObject(extra);
    const sideStore = { set: () => undefined, get: (id: string) => (id === 'a' ? extra : undefined) };
    expect((chatMessages([call('a')], { sideStore })[0]!['tool_calls'] as JsonObject[])[0]).toMatchObject(
      extra,
    );
    const messages = [
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' }, ...extra }],
      },
    ];
    expect(translated('chat', 'responses', { messages })['input']).toMatchObject([extra]);
  });

  it('case 28: output_text and refusal parts inside input messages are assistant history', () => {
    const content = [
      { type: 'output_text', text: 'a', annotations: [] },
      { type: 'refusal', refusal: 'no' },
    ];
    expect(chatMessages([{ type: 'message', role: 'assistant', content }])[0]!['content']).toBe('a');
    const only = [{ type: 'refusal', refusal: 'no' }];
    expect(chatMessages([{ type: 'message', role: 'assistant', content: only }])[0]!['content']).toBe('no');
    expect(turns([user('q'), { role: 'assistant', content }])[1]!['content']).toEqual([
      { type: 'text', text: 'a' },
      { type: 'text', text: 'no' },
    ]);
  });

  it('case 29: the developer role becomes system where it is unknown', () => {
    const input = [user('q'), { role: 'developer', content: 'rule' }];
    expect(chatMessages(input)[1]!['role']).toBe('developer');
    expect(chatMessages(input, { capability: record('gemini') })[1]).toEqual({
      role: 'system',
      content: 'rule',
    });
    const body = { messages: [user('q'), { role: 'developer', content: 'rule' }] };
    const same = translated('chat', 'chat', body, { capability: record('gemini') })[
      'messages'
    ] as JsonObject[];
    expect(same[1]!['role']).toBe('system');
    expect(translated('responses', 'messages', { input })['system']).toEqual([
      { type: 'text', text: 'rule' },
    ]);
  });

  it('case 30: several system messages are one at the front for strict upstreams', () => {
    const input = [
      { role: 'system', content: 'one' },
      user('q'),
      { role: 'developer', content: [{ type: 'input_text', text: 'two' }] },
    ];
    const list = chatMessages(input, { capability: record('fireworks') });
    expect(list).toEqual([
      { role: 'system', content: 'one\n\ntwo' },
      { role: 'user', content: 'q' },
    ]);
  });

  it('case 36: output formats keep name, schema and strict', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    const format = { type: 'json_schema', name: 'n', description: 'd', schema, strict: true };
    const response_format = {
      type: 'json_schema',
      json_schema: { name: 'n', description: 'd', schema, strict: true },
    };
    expect(chat({ input: 'q', text: { format, verbosity: 'low' } })).toMatchObject({
      response_format,
      verbosity: 'low',
    });
    expect(translated('chat', 'responses', { messages: [user('q')], response_format })['text']).toEqual({
      format,
    });
    const output_config = { format: { type: 'json_schema', schema } };
    expect(translated('responses', 'messages', { input: 'q', text: { format } })['output_config']).toEqual(
      output_config,
    );
    const back = { messages: [user('q')], max_tokens: 1, output_config };
    expect(translated('messages', 'responses', back)['text']).toEqual({
      format: { type: 'json_schema', name: 'response', schema },
    });
    expect(chat({ input: 'q', text: { format: { type: 'json_object' } } })['response_format']).toEqual({
      type: 'json_object',
    });
    expect(() =>
      translated('responses', 'messages', { input: 'q', text: { format: { type: 'json_object' } } }),
    ).toThrow(/json_schema/);
  });

  it('case 52: image detail, URLs, data and file ids', () => {
    const image = (more: JsonObject): unknown => [user([{ type: 'input_image', ...more }])];
    const url = 'https://example.com/a.png';
    const part = (more: JsonObject, options = {}): unknown =>
      (chatMessages(image(more), options)[0]!['content'] as JsonObject[])[0];
    expect(part({ image_url: url })).toEqual({ type: 'image_url', image_url: { url, detail: 'auto' } });
    const capability = { ...record('generic'), imageDetail: false };
    expect(part({ image_url: url, detail: 'high' }, { capability })).toEqual({
      type: 'image_url',
      image_url: { url },
    });
    const block = (more: JsonObject): unknown => (turns(image(more))[0]!['content'] as JsonObject[])[0];
    expect(block({ image_url: url })).toEqual({ type: 'image', source: { type: 'url', url } });
    expect(block({ image_url: 'data:image/jpg;base64,AAAA' })).toEqual({
      type: 'image',
      source: { type: 'base64', media_type: 'image/jpeg', data: 'AAAA' },
    });
    expect(() => part({ file_id: 'file_1' })).toThrow(/input\[0\]\.content\[0\].*file_id/);
    expect(() => block({ file_id: 'file_1' })).toThrow(/file_id/);
    expect(() => block({ image_url: 'data:image/tiff;base64,AAAA' })).toThrow(/image\/tiff/);
    const messages = [user([{ type: 'image', source: { type: 'url', url } }])];
    expect(translated('messages', 'chat', { messages, max_tokens: 1 })['messages']).toEqual([
      user([{ type: 'image_url', image_url: { url, detail: 'auto' } }]),
    ]);
  });

  it('case 53: files are carried, or refused by name', () => {
    const pdf = 'data:application/pdf;base64,AAAA';
    const file = { type: 'input_file', filename: 'a.pdf', file_data: pdf };
    expect(chatMessages([user([file])])[0]!['content']).toEqual([
      { type: 'file', file: { file_data: pdf, filename: 'a.pdf' } },
    ]);
    expect(turns([user([file])])[0]!['content']).toEqual([
      {
        type: 'document',
        source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' },
        title: 'a.pdf',
      },
    ]);
    const document = { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'words' } };
    const body = { max_tokens: 1, messages: [user([document])] };
    expect(translated('messages', 'responses', body)['input']).toMatchObject([
      { content: [{ type: 'input_file', file_data: 'data:text/plain;base64,d29yZHM=' }] },
    ]);
    const byUrl = { type: 'input_file', file_url: 'https://example.com/a.pdf' };
    expect(() => chatMessages([user([byUrl])])).toThrow(/fetch a file by URL/);
    expect(turns([user([byUrl])])[0]!['content']).toMatchObject([{ source: { type: 'url' } }]);
    expect(() => turns([user([{ type: 'input_file', file_id: 'f' }])])).toThrow(/file_id/);
    const audio = { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } };
    expect(chatMessages([user([audio])])[0]!['content']).toEqual([audio]);
    expect(() => turns([user([audio])])).toThrow(/no audio input/);
  });

  it.each([
    [1, 16],
    [15, 16],
    [16, 16],
    [0, 0],
    [1.5, 1.5],
  ])('case 54: max_output_tokens %d becomes %d for OpenAI', (given, sent) => {
    const capability = record('openai');
    const body = translated(
      'responses',
      'responses',
      { input: 'q', max_output_tokens: given },
      { capability },
    );
    expect(body['max_output_tokens']).toBe(sent);
    const fromChat = translated(
      'chat',
      'responses',
      { messages: [user('q')], max_tokens: given },
      { capability },
    );
    expect(fromChat['max_output_tokens']).toBe(sent);
  });

  it('case 55: the name of the limit is the provider’s; Messages gets a default', () => {
    const body = { input: 'q', max_output_tokens: 50 };
    expect(chat(body)).toMatchObject({ max_tokens: 50 });
    expect(chat(body, { capability: record('openai') })).toMatchObject({ max_completion_tokens: 50 });
    expect(translated('responses', 'messages', { input: 'q' })['max_tokens']).toBe(8192);
    expect(
      translated('chat', 'messages', { messages: [user('q')], max_completion_tokens: 7 })['max_tokens'],
    ).toBe(7);
    const same = { messages: [user('q')], max_tokens: 7 };
    expect(translated('chat', 'chat', same, { capability: record('openai') })).toMatchObject({
      max_completion_tokens: 7,
    });
  });

  it('case 56: settings that the target lacks are mapped, reported or refused', () => {
    const losses: Loss[] = [];
    const onLoss = (loss: Loss): void => void losses.push(loss);
    const body = (more: JsonObject): JsonObject => ({ messages: [user('q')], ...more });
    expect(translated('chat', 'messages', body({ stop: 'END' }))['stop_sequences']).toEqual(['END']);
    expect(
      translated('messages', 'chat', { ...body({ stop_sequences: ['END'] }), max_tokens: 1 })['stop'],
    ).toEqual(['END']);
    expect(() => translated('chat', 'responses', body({ stop: ['END'] }))).toThrow(/stop/);
    expect(() => translated('chat', 'responses', body({ n: 2 }))).toThrow(/n: /);
    expect(() => translated('chat', 'messages', body({ presence_penalty: 0.5 }))).toThrow(/presence_penalty/);
    expect(
      translated('chat', 'responses', body({ n: 1, presence_penalty: 0, logit_bias: {}, seed: null }), {
        onLoss,
      }),
    ).not.toHaveProperty('n');
    expect(losses).toEqual([]);
    translated('chat', 'responses', body({ seed: 7 }), { onLoss });
    translated('chat', 'responses', body({ n: 2 }), { onLoss, unsupported: 'drop' });
    expect(losses.map((loss) => loss.part)).toEqual(['seed', 'n']);
    expect(chat({ input: 'q', seed: 7, top_k: 5, chat_template_kwargs: { a: 1 } })).toMatchObject({
      seed: 7,
      top_k: 5,
      chat_template_kwargs: { a: 1 },
    });
  });

  it('case 57: log-probabilities are asked for in each dialect’s way', () => {
    const include = ['message.output_text.logprobs'];
    expect(chat({ input: 'q', include, top_logprobs: 2 })).toMatchObject({ logprobs: true, top_logprobs: 2 });
    expect(
      translated('chat', 'responses', { messages: [user('q')], logprobs: true, top_logprobs: 2 }),
    ).toMatchObject({
      include,
      top_logprobs: 2,
    });
    expect(() => translated('chat', 'messages', { messages: [user('q')], logprobs: true })).toThrow(
      /logprobs/,
    );
  });

  it('case 58: previous_response_id is resolved from the caller’s store, else refused', () => {
    const stored = [user('first'), { role: 'assistant', content: 'answer' }];
    const previous = (id: string) => (id === 'resp_1' ? stored : undefined);
    const body = { input: 'second', previous_response_id: 'resp_1' };
    const list = chat(body, { previous })['messages'] as JsonObject[];
    expect(list.map((m) => m['content'])).toEqual(['first', 'answer', 'second']);
    expect(() => chat({ input: 'q', previous_response_id: 'resp_2' }, { previous })).toThrow(
      /no stored response/,
    );
    expect(() => chat(body)).toThrow(/previous_response_id/);
    expect(translated('responses', 'responses', body)['previous_response_id']).toBe('resp_1');
  });

  it('case 61: an attempt is built from the request alone: nothing of another attempt is left in it', () => {
    const body = { input: 'q', model: 'client' };
    const first = chat(body, { model: 'a', extraBody: { only_a: 1 }, capability: record('mistral') });
    const second = chat(body, { model: 'b', capability: record('openai') });
    expect(first).toMatchObject({ model: 'a', only_a: 1 });
    expect(second).toEqual(
      chat({ input: 'q', model: 'client' }, { model: 'b', capability: record('openai') }),
    );
    expect(JSON.stringify(second)).not.toContain('only_a');
    expect(body).toEqual({ input: 'q', model: 'client' });
    expect(record('anthropic').authHeader).not.toBe(record('openai').authHeader);
  });

  it('case 62: unknown items, parts and fields pass within a dialect and are refused by name across', () => {
    const odd = { type: 'future_call', id: 'x', payload: { a: [1] } };
    const body = { input: [user('q'), odd], future_field: { deep: true } };
    expect(translated('responses', 'responses', body)).toEqual(body);
    expect(() => translated('responses', 'chat', body)).toThrow(/input\[1\].*future_call/);
    expect(() => translated('responses', 'messages', body)).toThrow(/input\[1\].*future_call/);
    expect(() => chatMessages([user([{ type: 'future_part' }])])).toThrow(/future_part/);
    const chatBody = {
      messages: [{ role: 'user', content: [{ type: 'future_part', x: 1 }], odd: 1 }],
      future: 2,
    };
    expect(translated('chat', 'chat', chatBody)).toEqual(chatBody);
    const messagesBody = { messages: [user([{ type: 'future_block', x: 1 }])], max_tokens: 1, future: 2 };
    expect(translated('messages', 'messages', messagesBody)).toEqual(messagesBody);
    expect(() => translated('messages', 'chat', messagesBody)).toThrow(/future_block/);
    expect(chat({ input: 'q', future_field: 1 })).toMatchObject({ future_field: 1 });
  });
});
