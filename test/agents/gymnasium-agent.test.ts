import { describe, expect, it } from 'vitest';
import { defineEnvironment, loadEnvironment } from '../../src/environments/index.js';
import type { Environment, ResponsesReply } from '../../src/protocol/index.js';
import { systemClock } from '../../src/transport/index.js';
import { calls, playScript, says, scored, task, turn, usage } from './support.js';

const services = { clock: systemClock, random: () => 0 };

/** Counts down from the row's goal; every step is worth 0.5. */
function countdown(): Environment {
  return defineEnvironment({
    name: 'countdown',
    open: (row) => ({ left: row['goal'] as number }),
    reset: ({ session }) => ({ observation: `${session.left} left` }),
    step({ session }) {
      session.left -= 1;
      if (session.left === 0) return { reward: 0.5, terminated: true, info: { over: true } };
      const info = { tool_outputs: [{ call_id: 'look', output: 'seen' }] };
      return { reward: 0.5, observation: `${session.left} left`, info };
    },
  }).create('countdown', {}, services);
}

const play = (turns: ResponsesReply[], config = {}, row = task(), environment = countdown()) =>
  playScript(turns, { agent: 'gymnasium_agent', config, row, environment });

describe('gymnasium_agent', () => {
  it('takes turns until the environment says it is over, and adds the rewards up', async () => {
    const { outcome, model } = await play([
      turn(says('one')),
      turn(calls('look', '{}')),
      turn(says('three')),
    ]);
    const { result, ...rest } = scored(outcome);
    expect(rest).toMatchObject({ reward: 1.5, stopReason: 'terminated', turns: 3 });
    expect(Object.keys(result)).toEqual([
      'responses_create_params',
      'response',
      'reward',
      'terminated',
      'truncated',
      'info',
    ]);
    expect(result).toMatchObject({ reward: 1.5, terminated: true, truncated: false, info: { over: true } });
    expect(result['responses_create_params']).toMatchObject({
      input: [
        { role: 'user', content: 'Count.' },
        { role: 'user', content: '3 left' },
      ],
      temperature: null,
    });
    expect(model.requests[2]!.input).toEqual([
      { type: 'message', role: 'user', content: 'Count.' },
      { type: 'message', role: 'user', content: '3 left' },
      says('one'),
      { type: 'function_call_output', call_id: 'look', output: 'seen' },
      { type: 'message', role: 'user', content: '2 left' },
      calls('look', '{}'),
      { type: 'function_call_output', call_id: 'look', output: 'seen' },
      { type: 'message', role: 'user', content: '1 left' },
    ]);
    const response = result['response'] as unknown as ResponsesReply;
    expect(response.output).toHaveLength(7);
    expect(response.usage).toEqual(usage(30, 3, 0));
  });

  it('is truncated after max_steps', async () => {
    const { outcome } = await play([turn(says('x'))], { max_steps: 2 });
    expect(scored(outcome)).toMatchObject({ reward: 1, stopReason: 'truncated', turns: 2 });
    expect(scored(outcome).result).toMatchObject({ terminated: false, truncated: true });
  });

  it('is not truncated when the last step ends it', async () => {
    const { outcome } = await play([turn(says('x'))], { max_steps: 3 });
    expect(scored(outcome).result).toMatchObject({ terminated: true, truncated: false });
  });

  it('leaves incomplete replies to the environment', async () => {
    const cut = { ...turn(says('x')), incomplete_details: { reason: 'max_output_tokens' } };
    expect(scored((await play([cut])).outcome).turns).toBe(3);
  });

  it('says which agent an environment needs', async () => {
    const scoredAtTheEnd = await playScript([turn(says('x'))], { agent: 'gymnasium_agent' });
    expect(scoredAtTheEnd.outcome).toMatchObject({ status: 'failed', kind: 'agent_failed' });
    expect(scoredAtTheEnd.outcome).toHaveProperty('message', expect.stringContaining('simple_agent'));
    const stepByStep = await playScript([turn(says('x'))], { environment: countdown() });
    expect(stepByStep.outcome).toMatchObject({ status: 'failed', kind: 'verify_failed' });
    expect(stepByStep.outcome).toHaveProperty('message', expect.stringContaining('gymnasium_agent'));
  });

  it('plays blackjack to its end', async () => {
    const environment = (await loadEnvironment('blackjack'))!.create('blackjack', {}, services);
    const { outcome } = await play(
      [turn(says('<action>stand</action>'))],
      { max_steps: 5 },
      task({ seed: 11 }),
      environment,
    );
    expect(scored(outcome)).toMatchObject({ stopReason: 'terminated', turns: 1 });
    expect([1, 0, -1]).toContain(scored(outcome).reward);
  });
});
