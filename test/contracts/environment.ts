import { describe, expect, it } from 'vitest';
import type { Call, Environment, ResponsesReply, TaskRow } from '../../src/protocol/index.js';

/** One way to reach the counter environment (tools `add` and `fail`, row key `wanted`). */
export interface EnvironmentUnderTest {
  environment: Environment;
  /** Sessions that are open now, at the environment itself. */
  open: () => number;
}

export interface EnvironmentFixtures {
  row: (extra?: Record<string, unknown>) => TaskRow;
  reply: (text?: string) => ResponsesReply;
  call: (over?: Partial<Call>) => Call;
}

/** What every environment does, wherever it runs. */
export function environmentContract(
  name: string,
  make: () => Promise<EnvironmentUnderTest>,
  { row, reply, call }: EnvironmentFixtures,
): void {
  describe(`environment contract: ${name}`, () => {
    it('opens, runs tools in order on one state, verifies', async () => {
      const { environment } = await make();
      const session = await environment.open(row({ wanted: 6 }), call());
      expect(await environment.callTool(session, 'add', { amount: 2 }, call())).toBe('{"total":2}');
      expect(await environment.callTool(session, 'add', { amount: 4 }, call())).toBe('{"total":6}');
      const verdict = await environment.verify(session, row({ wanted: 6 }), reply(), call());
      // One that is reached over HTTP has the keys of every verdict there, too.
      expect(verdict).toMatchObject({ reward: 1, total: 6 });
      await environment.close(session);
    });

    it('keeps episodes apart', async () => {
      const { environment } = await make();
      const [a, b] = await Promise.all([environment.open(row(), call()), environment.open(row(), call())]);
      await environment.callTool(a, 'add', { amount: 5 }, call());
      expect(await environment.callTool(b, 'add', { amount: 1 }, call())).toBe('{"total":1}');
      await Promise.all([environment.close(a), environment.close(b)]);
    });

    it('answers a model’s mistakes with text and goes on', async () => {
      const { environment } = await make();
      const session = await environment.open(row({ wanted: 1 }), call());
      expect(await environment.callTool(session, 'nope', {}, call())).toBe('{"detail":"Not Found"}');
      expect(await environment.callTool(session, 'add', { amount: 'x' }, call())).toContain('"amount"');
      expect(await environment.callTool(session, 'add', null, call())).toContain('"detail"');
      expect(await environment.callTool(session, 'add', [1, 2], call())).toContain('"detail"');
      expect(await environment.callTool(session, 'fail', {}, call())).toContain('broken');
      await environment.callTool(session, 'add', { amount: 1 }, call());
      expect((await environment.verify(session, row({ wanted: 1 }), reply(), call())).reward).toBe(1);
      await environment.close(session);
    });

    it('refuses a row that lacks what it needs, and does not try again', async () => {
      const { environment } = await make();
      await expect(environment.open(row({ wanted: 'x' }), call())).rejects.toMatchObject({
        name: 'CallFailure',
        kind: 'row_invalid',
        retryable: false,
      });
    });

    it('fails where it cannot score, rather than scoring 0', async () => {
      const { environment } = await make();
      const session = await environment.open(row(), call());
      const failed = await environment
        .verify(session, row(), reply(), call())
        .catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(Error);
      expect((failed as Error).message).toContain('no wanted number');
      await environment.close(session);
    });

    it('leaves nothing open after close, verified or not', async () => {
      const { environment, open } = await make();
      const [a, b] = [await environment.open(row(), call()), await environment.open(row(), call())];
      await environment.verify(a, row({ wanted: 0 }), reply(), call());
      await environment.close(a);
      await environment.close(b);
      expect(open()).toBe(0);
    });

    it('ends with its episode', async () => {
      const { environment } = await make();
      const session = await environment.open(row(), call());
      const over = call({ signal: AbortSignal.abort(new Error('the episode is over')) });
      await expect(environment.callTool(session, 'add', { amount: 1 }, over)).rejects.toThrow(
        'the episode is over',
      );
      await environment.close(session);
    });
  });
}
