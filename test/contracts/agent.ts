import { describe, expect, it } from 'vitest';
import type { Agent, Call, Episode, TaskRow } from '../../src/protocol/index.js';
import type { Provider } from '../support/provider/provider.mjs';

/** One way to reach a simple_agent that plays the counter environment with a provider of test/support/provider. */
export interface AgentUnderTest {
  agent: Agent;
  episode: Omit<Episode, 'call'>;
  provider: Provider;
  /** Sessions that are open now, at the environment itself. */
  open: () => number;
}

export interface AgentFixtures {
  row: (extra?: Record<string, unknown>) => TaskRow;
  call: (over?: Partial<Call>) => Call;
}

const ADD = {
  type: 'function',
  name: 'add',
  parameters: { type: 'object', properties: { amount: { type: 'number' } } },
  strict: true,
};

/** What every agent does, wherever it runs. */
export function agentContract(
  name: string,
  make: () => Promise<AgentUnderTest>,
  { row, call }: AgentFixtures,
): void {
  const task = (content: string, wanted?: unknown): TaskRow =>
    row({
      responses_create_params: { input: [{ role: 'user', content }], tools: [ADD] },
      ...(wanted !== undefined && { wanted }),
    });

  describe(`agent contract: ${name}`, () => {
    it('plays an episode to its reward', async () => {
      const { agent, episode, open } = await make();
      const outcome = await agent.run(task('[tool: add {"amount": 3}] [answer: done]', 3), {
        ...episode,
        call: call(),
      });
      expect(outcome).toMatchObject({ status: 'scored', reward: 1, stopReason: 'answered', turns: 2 });
      if (outcome.status !== 'scored') return;
      expect(Object.keys(outcome.result).slice(0, 3)).toEqual([
        'responses_create_params',
        'response',
        'reward',
      ]);
      expect(outcome.result).toMatchObject({ reward: 1, total: 3 });
      expect(outcome.result).not.toHaveProperty('_ng_task_index');
      const { output } = outcome.result['response'] as { output: { type: string }[] };
      expect(output.map(({ type }) => type)).toEqual(['function_call', 'function_call_output', 'message']);
      expect(open()).toBe(0);
    });

    it('turns failures into outcomes: of the model, the row and the verifier', async () => {
      const { agent, episode, provider, open } = await make();
      provider.setScript([{ kind: 'status', status: 401, message: 'wrong key' }]);
      expect(await agent.run(task('x', 1), { ...episode, call: call() })).toMatchObject({
        status: 'failed',
        kind: 'auth',
        message: expect.stringContaining('wrong key') as string,
      });
      expect(await agent.run(task('[answer: x]', 'wrong'), { ...episode, call: call() })).toMatchObject({
        status: 'failed',
        kind: 'row_invalid',
        retryable: false,
      });
      const unscored = await agent.run(task('[answer: x]'), { ...episode, call: call() });
      expect(unscored).toMatchObject({ status: 'failed', kind: 'verify_failed' });
      if (unscored.status === 'failed') expect(unscored.partial).toHaveProperty('response');
      expect(open()).toBe(0);
    });

    it('is cancelled as data, and closes what it opened', async () => {
      const { agent, episode, provider, open } = await make();
      provider.setScript(['stall_before_headers']);
      const controller = new AbortController();
      const playing = agent.run(task('x', 1), { ...episode, call: call({ signal: controller.signal }) });
      await expect.poll(() => provider.counts().open).toBe(1);
      controller.abort(new Error('stopped by the user'));
      expect(await playing).toMatchObject({ status: 'cancelled' });
      await expect.poll(() => provider.counts().open).toBe(0);
      await expect.poll(open).toBe(0);
    });
  });
}
