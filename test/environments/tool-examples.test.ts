import { describe, expect, it } from 'vitest';
import { call, environment, replay, reply, row, textReply, toolCall } from './support.js';

const tools = [{ type: 'function', name: 'get_weather', parameters: { required: ['city'] } }];
const message = textReply('It is sunny.').output[0]!;

describe('example_tool_call_multireward', () => {
  const task = row({
    responses_create_params: { input: 'q', tools },
    expected_call: { name: 'get_weather', arguments: { city: 'Paris' } },
  });
  const right = toolCall('get_weather', { city: 'Paris' });

  it.each([
    ['the call alone', [right], [1, 1, 1]],
    ['a message after it', [right, message], [1, 1, 0]],
    ['an empty message', [right, { type: 'message', role: 'assistant', content: [] }], [1, 1, 0]],
    ['more arguments', [toolCall('get_weather', { city: 'Paris', unit: 'C' })], [1, 1, 1]],
    ['another city', [toolCall('get_weather', { city: 'Rome' })], [0, 1, 1]],
    ['a missing argument', [toolCall('get_weather', {})], [0, 0, 1]],
    ['another tool', [toolCall('get_time', {})], [0, 1, 1]],
    ['a wrong call, then the right one', [toolCall('get_weather', {}), right], [1, 0, 0]],
    ['no call', [message], [0, 0, 0]],
    ['arguments that are no object', [toolCall('get_weather', ['Paris'])], [0, 0, 1]],
  ])('%s', async (_name, output, parts) => {
    const env = await environment('example_tool_call_multireward');
    const { verdict } = await replay(env, task, reply(...output));
    const [correctness, schema_valid, format] = parts;
    expect(verdict).toMatchObject({
      reward: parts.reduce((sum, part) => sum + part, 0),
      reward_components: { correctness, schema_valid, format },
      correctness,
      schema_valid,
      format,
    });
  });

  it('gives no correctness where nothing is expected, and shows unreadable arguments as empty', async () => {
    const env = await environment('example_tool_call_multireward');
    const unreadable = { ...right, arguments: '{' };
    const session = await env.open(row(), call());
    expect(await env.verify(session, row(), reply(unreadable), call())).toEqual({
      reward: 1,
      reward_components: { correctness: 0, schema_valid: 0, format: 1 },
      correctness: 0,
      schema_valid: 0,
      format: 1,
      predicted_calls: [{ name: 'get_weather', arguments: {} }],
    });
  });
});

describe('example_multi_step', () => {
  const task = row({
    id: '1',
    expected_synonyms: ['Blazing', 'Warm'],
    expected_synonym_values: [711, 407],
    minefield_label: 'Hot',
    minefield_label_value: 299,
  });
  const hands = (values: unknown) => toolCall('extract_synonym_values', { synonym_values: values });

  it.each([
    ['right', [hands([711, 407])], 1, { accuracy: true, set_overlap: 1 }],
    ['wrong order', [hands([407, 711])], 0, { order_instruction_following_failure: true, set_overlap: 1 }],
    ['half', [hands([711])], 0, { set_overlap: 0.5, order_instruction_following_failure: false }],
    ['the last call counts', [hands([1]), hands([711, 407])], 1, { parsed_synonym_values: [711, 407] }],
    ['the term itself', [hands([711, 407, 299])], 0, { original_term_minefield_hit: true }],
    ['no call', [message], 0, { parsed_synonym_values: [], set_overlap: 0 }],
    ['no list', [hands('711')], 0, { parsed_synonym_values: [] }],
    ['unreadable', [{ ...hands([]), arguments: '{' }], 0, { parsed_synonym_values: [] }],
  ])('%s', async (_name, output, reward, fields) => {
    const env = await environment('example_multi_step');
    const session = await env.open(task, call());
    expect(await env.verify(session, task, reply(...output), call())).toMatchObject({ reward, ...fields });
  });

  it('adds up code points', async () => {
    const env = await environment('example_multi_step');
    const session = await env.open(task, call());
    expect(await env.callTool(session, 'get_synonym_value', { synonym: 'a😀' }, call())).toBe(
      `{"synonym_value":${97 + 0x1f600}}`,
    );
  });

  it('needs every key of its row', async () => {
    const env = await environment('example_multi_step');
    await expect(env.open(row({ id: 1 }), call())).rejects.toMatchObject({
      kind: 'row_invalid',
      message: expect.stringMatching(/expected_synonym_values.*minefield_label/),
    });
  });
});

describe('example_session_state_mgmt', () => {
  it('reads numbers as leniently as the reference, and keeps episodes apart', async () => {
    const env = await environment('example_session_state_mgmt');
    const task = row({ initial_count: '3', expected_count: 5.0 });
    const { outputs, verdict } = await replay(
      env,
      task,
      reply(toolCall('increment_counter', { count: '2' }), toolCall('get_counter_value', null)),
    );
    expect(outputs).toEqual(['{"success":true}', '{"count":5}']);
    expect(verdict).toEqual({ reward: 1 });
    expect((await replay(env, task, reply())).verdict.reward).toBe(0);
  });
});
