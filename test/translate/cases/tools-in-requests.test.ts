import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/protocol/index.js';
import { UNANSWERED } from '../../../src/translate/repair.js';
import { record, translated } from '../support.js';

const call = (id: string, name = 'f', args = '{}'): JsonObject => ({
  type: 'function_call',
  call_id: id,
  name,
  arguments: args,
});
const output = (id: string, text: unknown = `out ${id}`): JsonObject => ({
  type: 'function_call_output',
  call_id: id,
  output: text as string,
});
const user = (content: unknown): JsonObject => ({ role: 'user', content: content as string });
const fn = (name: string, more: JsonObject = {}): JsonObject => ({
  type: 'function',
  name,
  parameters: { type: 'object', properties: {} },
  ...more,
});

const strict = { capability: record('openai') };
const chat = (input: JsonObject[], more = {}): JsonObject[] =>
  translated('responses', 'chat', { input }, more)['messages'] as JsonObject[];
const messages = (input: JsonObject[], more = {}): JsonObject[] =>
  translated('responses', 'messages', { input }, more)['messages'] as JsonObject[];
const shape = (list: JsonObject[]): unknown[] =>
  list.map((m) => (m['role'] === 'tool' ? `tool:${m['tool_call_id'] as string}` : m['role']));

describe('calls and results in requests', () => {
  it('case 1: consecutive calls make one assistant message, each output one tool message in call order', () => {
    const list = chat([user('q'), call('a'), call('b'), output('a'), output('b')]);
    expect(shape(list)).toEqual(['user', 'assistant', 'tool:a', 'tool:b']);
    expect((list[1]!['tool_calls'] as JsonObject[]).map((c) => c['id'])).toEqual(['a', 'b']);
  });

  it('case 1: outputs in another order are put into call order for upstreams that insist', () => {
    const list = chat([user('q'), call('a'), call('b'), output('b'), output('a')], strict);
    expect(shape(list)).toEqual(['user', 'assistant', 'tool:a', 'tool:b']);
  });

  it('case 2: text and reasoning before calls stand in the same assistant message', () => {
    const reasoning = { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'why' }] };
    const list = chat(
      [user('q'), reasoning, { role: 'assistant', content: 'text' }, call('a'), output('a')],
      {
        reasoningHistory: 'reasoning_content',
      },
    );
    expect(list[1]).toMatchObject({ content: 'text', reasoning_content: 'why', tool_calls: [{ id: 'a' }] });
    expect(list).toHaveLength(3);
  });

  it.each(['developer', 'user'])(
    'case 3: a %s message between a call and its output moves behind it',
    (role) => {
      const list = chat([user('q'), call('a'), { role, content: 'late' }, output('a')], strict);
      expect(shape(list)).toEqual(['user', 'assistant', 'tool:a', role]);
    },
  );

  it('case 3: upstreams without that rule get the order as given', () => {
    const list = chat([user('q'), call('a'), user('late'), output('a')]);
    expect(shape(list)).toEqual(['user', 'assistant', 'user', 'tool:a']);
  });

  it('case 4: parallel results are one Messages user turn, results first, text and images after', () => {
    const image = { type: 'input_image', image_url: 'https://example.com/a.png' };
    const turns = messages([
      user('q'),
      call('a'),
      call('b'),
      output('a', [{ type: 'input_text', text: 'one' }, image]),
      output('b'),
      user('and now?'),
    ]);
    expect(turns.map((turn) => turn['role'])).toEqual(['user', 'assistant', 'user']);
    const blocks = turns[2]!['content'] as JsonObject[];
    expect(blocks.map((block) => block['type'])).toEqual(['tool_result', 'tool_result', 'text']);
    expect((blocks[0]!['content'] as JsonObject[]).map((block) => block['type'])).toEqual(['text', 'image']);
  });

  it('case 4: the same from a Chat client', () => {
    const body = {
      messages: [
        user('q'),
        {
          role: 'assistant',
          content: null,
          tool_calls: ['a', 'b'].map((id) => ({
            id,
            type: 'function',
            function: { name: 'f', arguments: '{}' },
          })),
        },
        { role: 'tool', tool_call_id: 'a', content: '1' },
        { role: 'tool', tool_call_id: 'b', content: '2' },
        user('next'),
      ],
    };
    const turns = translated('chat', 'messages', body)['messages'] as JsonObject[];
    expect((turns[2]!['content'] as JsonObject[]).map((block) => block['type'])).toEqual([
      'tool_result',
      'tool_result',
      'text',
    ]);
  });

  it('case 5: repairing leaves exactly one result for each call', () => {
    const list = chat([user('q'), call('a'), output('a', ''), user('x'), output('a', 'real')], strict);
    expect(list.filter((m) => m['role'] === 'tool')).toEqual([
      { role: 'tool', tool_call_id: 'a', content: 'real' },
    ]);
  });

  it('case 6: an orphan call is answered with a stub, an orphan output becomes user text', () => {
    const list = chat([user('q'), output('gone', 'old'), call('a'), user('next')], strict);
    expect(shape(list)).toEqual(['user', 'user', 'assistant', 'tool:a', 'user']);
    expect(list[1]!['content']).toContain('old');
    expect(list[3]!['content']).toBe(UNANSWERED);
    const turns = messages([user('q'), output('gone', 'old'), call('a'), user('next')]);
    expect(JSON.stringify(turns)).toContain(UNANSWERED);
    expect(JSON.stringify(turns)).not.toContain('"tool_use_id":"gone"');
  });

  it('case 13: call ids are the only correlation; item ids that OpenAI refuses are re-made, call ids shortened', () => {
    const long = 'c'.repeat(80);
    const { input } = translated(
      'responses',
      'responses',
      { input: [user('q'), { ...call(long), id: long }, { ...output(long), id: null, status: null }] },
      strict,
    ) as { input: JsonObject[] };
    expect(input[1]!['id']).toMatch(/^fc_/);
    expect((input[1]!['call_id'] as string).length).toBeLessThanOrEqual(64);
    expect(input[2]!['call_id']).toBe(input[1]!['call_id']);
    const list = chat([user('q'), call(long), output(long)], { capability: record('mistral') });
    expect((list[1]!['tool_calls'] as JsonObject[])[0]!['id']).toBe(list[2]!['tool_call_id']);
    expect((list[2]!['tool_call_id'] as string).length).toBe(9);
  });

  it('case 16: a list as output: text in the tool message, images in a user message after all results', () => {
    const image = { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'low' };
    const list = chat([
      call('a'),
      call('b'),
      output('a', [{ type: 'input_text', text: 'see' }, image]),
      output('b'),
      user('q'),
    ]);
    expect(shape(list)).toEqual(['assistant', 'tool:a', 'tool:b', 'user', 'user']);
    expect(list[1]!['content']).toEqual([{ type: 'text', text: 'see' }]);
    expect(list[3]!['content']).toEqual([
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'low' } },
    ]);
  });

  it('case 17: an empty output is an empty string and the message is there', () => {
    expect(chat([call('a'), output('a', '')])[1]).toEqual({ role: 'tool', tool_call_id: 'a', content: '' });
    const turns = messages([user('q'), call('a'), output('a', '')]);
    expect(turns[2]!['content']).toEqual([{ type: 'tool_result', tool_use_id: 'a', content: '' }]);
  });

  it('case 18: empty and invalid arguments: {} for Messages, raw in Chat and Responses', () => {
    const inputs = (args: string): unknown =>
      (messages([user('q'), call('a', 'f', args), output('a')])[1]!['content'] as JsonObject[])[0]!['input'];
    expect(inputs('')).toEqual({});
    expect(inputs('{"x":1}')).toEqual({ x: 1 });
    expect(inputs('not json')).toEqual({ _raw: 'not json' });
    expect(inputs('[1]')).toEqual({ _raw: '[1]' });
    const raw = (args: string, more = {}): unknown =>
      ((chat([call('a', 'f', args)], more)[0]!['tool_calls'] as JsonObject[])[0]!['function'] as JsonObject)[
        'arguments'
      ];
    expect(raw('not json')).toBe('not json');
    expect(raw('')).toBe('');
    expect(raw('', { capability: record('gemini') })).toBe('{}');
  });

  it('case 18: wrapped arguments come back raw from Messages history', () => {
    const body = {
      max_tokens: 5,
      messages: [
        user('q'),
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: 'a', name: 'f', input: { _raw: 'not json' } }],
        },
      ],
    };
    expect(translated('messages', 'responses', body)['input']).toMatchObject([{}, { arguments: 'not json' }]);
  });

  it('case 31: tool_choice in all shapes', () => {
    const tools = [fn('f'), fn('g')];
    const choice = (upstream: 'chat' | 'messages', value: unknown, more = {}): unknown =>
      translated('responses', upstream, { input: 'q', tools, tool_choice: value as string }, more)[
        'tool_choice'
      ];
    expect(choice('chat', { type: 'function', name: 'f' })).toEqual({
      type: 'function',
      function: { name: 'f' },
    });
    expect(choice('messages', { type: 'function', name: 'f' })).toEqual({ type: 'tool', name: 'f' });
    expect(choice('chat', 'required')).toBe('required');
    expect(choice('messages', 'required')).toEqual({ type: 'any' });
    expect(choice('messages', 'none')).toEqual({ type: 'none' });
    const allowed = { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'g' }] };
    expect(choice('chat', allowed)).toEqual({
      type: 'allowed_tools',
      allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'g' } }] },
    });
    expect(choice('chat', allowed, { capability: record('together') })).toBe('required');
    expect(choice('messages', allowed)).toEqual({ type: 'any' });
  });

  it('case 31: upstreams without allowed_tools are told of the allowed tools only', () => {
    const allowed = { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'g' }] };
    const body = { input: 'q', tools: [fn('f'), fn('g')], tool_choice: allowed };
    const { tools } = translated('responses', 'messages', body) as { tools: JsonObject[] };
    expect(tools.map((tool) => tool['name'])).toEqual(['g']);
  });

  it('case 31: back from Chat and Messages clients', () => {
    const tool = { type: 'function', function: { name: 'f', parameters: {} } };
    const fromChat = (choice: unknown): unknown =>
      translated('chat', 'responses', {
        messages: [user('q')],
        tools: [tool],
        tool_choice: choice as string,
      })['tool_choice'];
    expect(fromChat({ type: 'function', function: { name: 'f' } })).toEqual({ type: 'function', name: 'f' });
    expect(fromChat('required')).toBe('required');
    expect(
      fromChat({
        type: 'allowed_tools',
        allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'f' } }] },
      }),
    ).toEqual({ type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }] });
    const tools = [{ name: 'f', input_schema: { type: 'object' } }];
    const fromMessages = (choice: JsonObject): unknown =>
      translated('messages', 'chat', { messages: [user('q')], max_tokens: 1, tools, tool_choice: choice })[
        'tool_choice'
      ];
    expect(fromMessages({ type: 'tool', name: 'f' })).toEqual({ type: 'function', function: { name: 'f' } });
    expect(fromMessages({ type: 'any' })).toBe('required');
  });

  it('case 32: tool_choice and parallel_tool_calls without tools are dropped; refused parameters too', () => {
    const body = translated('responses', 'chat', {
      input: 'q',
      tool_choice: 'auto',
      parallel_tool_calls: false,
    });
    expect(body).not.toHaveProperty('tool_choice');
    expect(body).not.toHaveProperty('parallel_tool_calls');
    const capability = { ...record('generic'), drop: ['parallel_tool_calls'] };
    const refused = { input: 'q', tools: [fn('f')], parallel_tool_calls: false };
    expect(translated('responses', 'chat', refused, { capability })).not.toHaveProperty(
      'parallel_tool_calls',
    );
    expect(() => translated('responses', 'chat', { input: 'q', tool_choice: 'required' })).toThrow(
      /at least one tool/,
    );
  });

  it('case 33: disable_parallel_tool_use and parallel_tool_calls, both ways', () => {
    const body = { input: 'q', tools: [fn('f')], parallel_tool_calls: false };
    expect(translated('responses', 'messages', body)['tool_choice']).toEqual({
      type: 'auto',
      disable_parallel_tool_use: true,
    });
    const back = {
      messages: [user('q')],
      max_tokens: 5,
      tools: [{ name: 'f', input_schema: {} }],
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
    };
    for (const upstream of ['responses', 'chat'] as const) {
      expect(translated('messages', upstream, back)).toMatchObject({
        parallel_tool_calls: false,
        tool_choice: 'required',
      });
    }
  });

  it('case 34: hosted tools are refused by name, custom tools are functions with one text', () => {
    for (const upstream of ['chat', 'messages'] as const) {
      const hosted = { input: 'q', tools: [{ type: 'web_search' }] };
      expect(() => translated('responses', upstream, hosted)).toThrow(/web_search/);
      const custom = { input: 'q', tools: [{ type: 'custom', name: 'sh', description: 'shell' }] };
      const [tool] = translated('responses', upstream, custom)['tools'] as JsonObject[];
      expect(JSON.stringify(tool)).toContain('"input":{"type":"string"}');
    }
    const history = { type: 'custom_tool_call', call_id: 'a', name: 'sh', input: 'ls "x"' };
    const [message] = chat([history, { type: 'custom_tool_call_output', call_id: 'a', output: 'ok' }]);
    expect((message!['tool_calls'] as JsonObject[])[0]).toEqual({
      id: 'a',
      type: 'function',
      function: { name: 'sh', arguments: '{"input":"ls \"x\""}'.replace('"x"', '\\"x\\"') },
    });
  });

  it('case 35: names that an upstream refuses get a stable alias and come back as declared', () => {
    const name = `calc.${'long'.repeat(30)}`;
    const body = {
      input: [user('q'), call('a', name), output('a')],
      tools: [fn(name)],
      tool_choice: { type: 'function', name },
    };
    const sent = translated('responses', 'chat', body, strict) as {
      tools: JsonObject[];
      messages: JsonObject[];
      tool_choice: JsonObject;
    };
    const alias = (sent.tools[0]!['function'] as JsonObject)['name'] as string;
    expect(alias).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect((sent.tool_choice['function'] as JsonObject)['name']).toBe(alias);
    expect(JSON.stringify(sent.messages)).toContain(`"name":"${alias}"`);
    expect(translated('responses', 'chat', body, strict)).toEqual(sent);
  });

  it.each([undefined, false, true])('case 37: strict %s is kept, not invented', (value) => {
    const more: JsonObject = value === undefined ? {} : { strict: value };
    const [tool] = translated('responses', 'chat', { input: 'q', tools: [fn('f', more)] })[
      'tools'
    ] as JsonObject[];
    expect((tool!['function'] as JsonObject)['strict']).toBe(value);
    const [block] = translated('responses', 'messages', { input: 'q', tools: [fn('f', more)] })[
      'tools'
    ] as JsonObject[];
    expect(block!['strict']).toBe(value);
    // Responses means true by absence, Chat means false: what Chat left unsaid has to be said.
    const chatTool = { type: 'function', function: { name: 'f', parameters: {}, ...more } };
    const back = translated('chat', 'responses', { messages: [user('q')], tools: [chatTool] });
    expect((back['tools'] as JsonObject[])[0]!['strict']).toBe(value ?? false);
  });

  it('case 63: null or missing status of replayed calls is filled', () => {
    const { input } = translated('responses', 'responses', {
      input: [
        user('q'),
        { ...call('a'), id: null, status: null },
        { ...output('a'), id: null, status: null },
      ],
    }) as { input: JsonObject[] };
    expect(input[1]).toEqual({ ...call('a'), status: 'completed' });
    expect(input[2]).toEqual(output('a'));
  });

  it('case 65: namespaced tools are flattened, additional_tools items become tools', () => {
    const body = {
      input: [
        { type: 'additional_tools', tools: [fn('late')] },
        user('q'),
        { ...call('a', 'read'), namespace: 'fs' },
        output('a'),
      ],
      tools: [{ type: 'namespace', name: 'fs', tools: [fn('read'), fn('write')] }],
    };
    const sent = translated('responses', 'chat', body) as { tools: JsonObject[]; messages: JsonObject[] };
    expect(sent.tools.map((tool) => (tool['function'] as JsonObject)['name'])).toEqual([
      'fs__read',
      'fs__write',
      'late',
    ]);
    expect(JSON.stringify(sent.messages)).toContain('"name":"fs__read"');
    expect(sent.messages).toHaveLength(3);
  });
});
