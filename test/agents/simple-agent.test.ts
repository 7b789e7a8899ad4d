import { describe, expect, it } from 'vitest';
import { AGENT_TYPES } from '../../src/agents/index.js';
import { CallFailure } from '../../src/protocol/index.js';
import type { ResponsesReply } from '../../src/protocol/index.js';
import { systemClock } from '../../src/transport/index.js';
import { calls, playScript, scored, says, task, thinks, turn, usage } from './support.js';

/** The texts that went back to the model, in order. */
function toolTexts(result: unknown): string[] {
  const { output } = (result as { response: ResponsesReply }).response;
  return output
    .filter((item) => item.type === 'function_call_output')
    .map((item) => item['output'] as string);
}

describe('simple_agent: turns', () => {
  it('plays tools in order, one after the other, and verifies in the same session', async () => {
    const { outcome, model, events } = await playScript([
      turn(calls('add', '{"by":1}', 'a'), calls('add', '{"by":2}', 'b')),
      turn(says('Three.')),
    ]);
    const { result, reward, stopReason, turns } = scored(outcome);
    expect({ reward, stopReason, turns }).toEqual({ reward: 1, stopReason: 'answered', turns: 2 });
    expect(events).toEqual([
      'open',
      'add 1 starts',
      'add 1 ends',
      'add 2 starts',
      'add 2 ends',
      'verify',
      'close',
    ]);
    expect(model.requests[1]!.input).toEqual([
      { type: 'message', role: 'user', content: 'Count.' },
      calls('add', '{"by":1}', 'a'),
      calls('add', '{"by":2}', 'b'),
      { type: 'function_call_output', call_id: 'a', output: '{"count":1}' },
      { type: 'function_call_output', call_id: 'b', output: '{"count":3}' },
    ]);
    const response = result['response'] as unknown as ResponsesReply;
    expect(response.output.map((item) => item.type)).toEqual([
      'function_call',
      'function_call',
      'function_call_output',
      'function_call_output',
      'message',
    ]);
    expect(response.usage).toEqual(usage(20, 2, 0));
  });

  it('gives the row its request with every field, the response, the reward and the verdict', async () => {
    const { outcome } = await playScript([turn(says('0'))], { row: task({ goal: 0 }) });
    const { result } = scored(outcome);
    expect(Object.keys(result)).toEqual(['responses_create_params', 'response', 'reward', 'count']);
    expect(result).toMatchObject({
      responses_create_params: { input: 'Count.', temperature: null, tools: [], parallel_tool_calls: true },
      reward: 1,
      count: 0,
    });
  });

  it('sends the request of the row with the input of all turns, and nothing else', async () => {
    const { model } = await playScript([turn(says('0'))], {
      row: task({ responses_create_params: { input: [{ role: 'user', content: 'x' }], temperature: 0.5 } }),
    });
    expect(model.requests).toEqual([{ input: [{ role: 'user', content: 'x' }], temperature: 0.5 }]);
  });

  it('leaves a token detail unknown when one reply does not know it', async () => {
    const { outcome } = await playScript([
      { ...turn(calls('add', '{"by":1}')), usage: usage(100, 1, null) },
      { ...turn(thinks), usage: null },
      { ...turn(says('ok')), usage: usage(1, 1, 7) },
    ]);
    const response = scored(outcome).result['response'] as unknown as ResponsesReply;
    expect(response.usage).toEqual(usage(101, 2, null));
  });

  it('runs the calls of a reply that also speaks, and goes on', async () => {
    const { outcome } = await playScript([
      turn(says('Let me see.'), calls('add', '{"by":3}')),
      turn(says('Done.')),
    ]);
    expect(scored(outcome)).toMatchObject({ reward: 1, turns: 2, stopReason: 'answered' });
  });
});

describe('simple_agent: what a model may get wrong', () => {
  it('tells the model about unknown tools and arguments that do not fit', async () => {
    const { outcome, events } = await playScript([
      turn(
        calls('nothing', '{}', '1'),
        calls('add', '[1]', '2'),
        calls('add', 'null', '3'),
        calls('add', '5', '4'),
        calls('add', '', '5'),
        calls('add', '{bad', '6'),
        calls('add', '{"by":"many"}', '7'),
        calls('add', '{}', '8'),
        calls('add', '{"by":3}', '9'),
      ),
      turn(says('ok')),
    ]);
    const texts = toolTexts(scored(outcome).result);
    expect(texts[0]).toBe('{"detail":"Not Found"}');
    for (const text of [texts[1], texts[2], texts[3], texts[6]]) {
      expect(JSON.parse(text!)).toHaveProperty('detail');
    }
    expect(JSON.parse(texts[4]!)).toEqual({ error: expect.stringMatching(/^Invalid tool call arguments: /) });
    expect(JSON.parse(texts[5]!)).toEqual({ error: expect.stringMatching(/^Invalid tool call arguments: /) });
    expect(JSON.parse(texts[7]!)).toEqual({
      detail: [{ type: 'missing', loc: ['body', 'by'], msg: 'Field required', input: null }],
    });
    expect(texts[8]).toBe('{"count":3}');
    expect(events.filter((event) => event.startsWith('add'))).toHaveLength(2);
    expect(scored(outcome).reward).toBe(1);
  });

  it('feeds a broken or slow tool back as text and keeps the session', async () => {
    const { outcome, phases } = await playScript([
      turn(calls('add', '{"by":3}'), calls('crash', '{}'), calls('stuck', '{}')),
      turn(says('ok')),
    ]);
    expect(toolTexts(scored(outcome).result)).toEqual([
      '{"count":3}',
      '{"error":"Tool \\"crash\\" failed: the disk is full"}',
      '{"error":"Tool \\"stuck\\" failed: no result within 0.02 s"}',
    ]);
    expect(scored(outcome).reward).toBe(1);
    expect(phases).toEqual(['opening', 'tool add', 'tool crash', 'tool stuck', 'verifying', 'closing']);
  });
});

describe('simple_agent: stop rules', () => {
  it('runs no call of an incomplete reply, but verifies', async () => {
    const { outcome, events } = await playScript([
      { ...turn(calls('add', '{"by":3}')), incomplete_details: { reason: 'max_output_tokens' } },
    ]);
    expect(scored(outcome)).toMatchObject({ reward: 0, stopReason: 'incomplete', turns: 1 });
    expect(events).toEqual(['open', 'verify', 'close']);
    expect(scored(outcome).result).toMatchObject({
      response: { incomplete_details: { reason: 'max_output_tokens' } },
    });
  });

  it('stops after max_steps, with the tools of the last step run', async () => {
    const { outcome, model } = await playScript([turn(calls('add', '{"by":3}'))], {
      config: { max_steps: 1 },
    });
    expect(scored(outcome)).toMatchObject({ reward: 1, stopReason: 'max_steps', turns: 1 });
    expect(model.requests).toHaveLength(1);
  });

  it('stops a model that calls tools for ever', async () => {
    const { outcome } = await playScript([turn(calls('add', '{"by":0}'))]);
    expect(scored(outcome)).toMatchObject({ stopReason: 'turn_limit', turns: 100 });
  });

  it('stops a model that calls nothing but tools that are not there, and counts only turns in a row', async () => {
    const missing = turn(calls('nothing', '{}'), calls('neither', '{}'));
    const endless = await playScript([missing]);
    expect(scored(endless.outcome)).toMatchObject({ stopReason: 'unknown_tool', turns: 20 });
    expect(endless.events).toEqual(['open', 'verify', 'close']);
    const nineteen = Array.from({ length: 19 }, () => missing);
    const mends = [...nineteen, turn(calls('nothing', '{}'), calls('add', '{"by":3}')), ...nineteen];
    const recovers = await playScript([...mends, turn(says('done'))]);
    expect(scored(recovers.outcome)).toMatchObject({ stopReason: 'answered', turns: 40, reward: 1 });
    const patient = await playScript([missing], { config: { max_unknown_tool_turns: 0 } });
    expect(scored(patient.outcome)).toMatchObject({ stopReason: 'turn_limit', turns: 100 });
    const hasty = await playScript([missing], { config: { max_unknown_tool_turns: 2, max_steps: 50 } });
    expect(scored(hasty.outcome)).toMatchObject({ stopReason: 'unknown_tool', turns: 2 });
  });

  it('lets max_steps go beyond the default turn limit', async () => {
    const { outcome } = await playScript([turn(calls('nothing', '{}'))], { config: { max_steps: 120 } });
    expect(scored(outcome)).toMatchObject({ stopReason: 'max_steps', turns: 120 });
  });

  it('stops a model that only thinks, and counts only turns in a row', async () => {
    const stalled = await playScript([turn(thinks)]);
    expect(scored(stalled.outcome)).toMatchObject({ stopReason: 'stalled', turns: 3 });
    const recovers = await playScript([
      turn(thinks),
      turn(),
      turn(calls('add', '{"by":3}')),
      turn(thinks),
      turn(thinks),
      turn(says('3')),
    ]);
    expect(scored(recovers.outcome)).toMatchObject({ stopReason: 'answered', turns: 6, reward: 1 });
  });

  it('takes limits from the config', async () => {
    const { outcome } = await playScript([turn(thinks)], {
      config: { max_turns: 7, max_stalled_turns: 0 },
    });
    expect(scored(outcome)).toMatchObject({ stopReason: 'turn_limit', turns: 7 });
  });
});

describe('simple_agent: settings', () => {
  it('skips the verifier and uses the configured reward', async () => {
    const { outcome, events } = await playScript([turn(says('x'))], {
      config: { skip_verification: true, skip_verification_reward: 0.25 },
    });
    expect(scored(outcome)).toMatchObject({
      reward: 0.25,
      result: { reward: 0.25, verification_skipped: true, goal: 3 },
    });
    expect(events).toEqual(['open', 'close']);
  });

  it('names the keys of a config that does not fit', () => {
    const create = () =>
      AGENT_TYPES['simple_agent']!.create('my_agent', { max_steps: 'many' }, { clock: systemClock });
    expect(create).toThrow(/my_agent.*simple_agent[\s\S]*max_steps/);
  });

  it('knows its keys', () => {
    expect(AGENT_TYPES['simple_agent']!.configKeys).toEqual(
      expect.arrayContaining(['resources_server', 'model_server', 'datasets', 'max_steps', 'max_turns']),
    );
  });
});

describe.each(['non_executing_simple_agent', 'tool_simulation_agent'])('%s', (agent) => {
  it('asks once, runs no call and verifies', async () => {
    const { outcome, events } = await playScript([turn(calls('add', '{broken'))], {
      agent,
    });
    expect(scored(outcome)).toMatchObject({ stopReason: 'single_turn', turns: 1, reward: 0 });
    expect(scored(outcome).result).toMatchObject({ response: { output: [calls('add', '{broken')] } });
    expect(events).toEqual(['open', 'verify', 'close']);
  });
});

it('keeps the kind of a failure that ends the episode', async () => {
  const { outcome, events } = await playScript([turn(calls('add', '{"by":3}'), calls('lost', '{}'))]);
  expect(outcome).toMatchObject({
    status: 'failed',
    kind: 'tool_failed',
    message: 'the sandbox is gone',
    retryable: true,
    partial: {
      responses_create_params: { input: 'Count.' },
      response: { output: [{ name: 'add' }, {}, {}] },
    },
  });
  expect(events.at(-1)).toBe('close');
  expect(new CallFailure('tool_failed', 'x').retryable).toBe(false);
});
