import { describe, expect, it } from 'vitest';
import { defineEnvironment } from '../../src/environments/index.js';
import { CallFailure } from '../../src/protocol/index.js';
import type { Environment, Item, ResponsesReply, Verdict } from '../../src/protocol/index.js';
import { systemClock } from '../../src/transport/index.js';
import { ManualClock, calls, playScript, says, scored, task, turn, usage } from './support.js';

const hangs = () => new Promise<ResponsesReply>(() => undefined);

function environmentWith(spec: { open?: () => Promise<unknown>; close?: () => Promise<void> }): Environment {
  return defineEnvironment({ name: 'e', verify: () => ({ reward: 1 }), ...spec }).create(
    'e',
    {},
    { clock: systemClock, random: () => 0 },
  );
}

/** Lets everything run that can run without a timer. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('how an episode ends: without an answer', () => {
  const cut = (reason: string, ...output: Item[]) => ({ ...turn(...output), incomplete_details: { reason } });
  const refuses: Item = {
    type: 'message',
    role: 'assistant',
    content: [{ type: 'refusal', refusal: 'I cannot help with that.' }],
  };
  const generatedNothing = { ...turn(says('')), usage: usage(10, 0) };

  it.each<[string, ResponsesReply, string]>([
    ['an answer', turn(says('7')), 'answered'],
    ['an answer beside a refusal', turn(says('7'), refuses), 'answered'],
    ['the token limit', cut('max_output_tokens', says('7')), 'incomplete'],
    ['the content filter, with text', cut('content_filter', says('7')), 'content_filter'],
    ['the content filter, without text', cut('content_filter', says('')), 'content_filter'],
    ['a refusal', turn(refuses), 'refusal'],
    ['an empty text', turn(says('')), 'empty'],
    ['white space', turn(says(' \n')), 'empty'],
    ['a message without parts', turn({ type: 'message', role: 'assistant', content: [] }), 'empty'],
    ['no token at all', generatedNothing, 'no_tokens'],
    ['text that nobody counted', { ...turn(says('7')), usage: usage(10, 0) }, 'answered'],
  ])('%s', async (_, reply, reason) => {
    const { outcome } = await playScript([reply]);
    expect(scored(outcome).stopReason).toBe(reason);
    const single = await playScript([reply], { agent: 'non_executing_simple_agent' });
    expect(scored(single.outcome).stopReason).toBe(reason === 'answered' ? 'single_turn' : reason);
  });

  it('looks at the last reply alone', async () => {
    const { outcome } = await playScript([
      turn(says('let me add'), calls('add', '{"by":3}')),
      generatedNothing,
    ]);
    expect(scored(outcome)).toMatchObject({ stopReason: 'no_tokens', reward: 1, turns: 2 });
  });
});

describe('how an episode ends: masked', () => {
  const verifying = (verdict: Record<string, unknown>) =>
    defineEnvironment({ name: 'e', verify: () => verdict as unknown as Verdict }).create(
      'e',
      {},
      { clock: systemClock, random: () => 0 },
    );

  it('is masked when the environment says that the reward is no measurement', async () => {
    const verdict = {
      reward: 0,
      mask_sample: true,
      failure_kind: 'session_lost',
      failure_reason: 'the sandbox was reset',
      note: 5,
    };
    const { outcome } = await playScript([turn(says('x'))], { environment: verifying(verdict) });
    expect(outcome).toMatchObject({
      status: 'masked',
      reason: 'the sandbox was reset',
      stopReason: 'answered',
      turns: 1,
      result: { ...verdict, response: { output: [{ type: 'message' }] } },
    });
  });

  it('is scored when only a kind of failure is named', async () => {
    const verdict = {
      reward: 0.5,
      mask_sample: false,
      failure_kind: 'judge_unparseable',
      failure_reason: null,
    };
    const { outcome } = await playScript([turn(says('x'))], { environment: verifying(verdict) });
    expect(scored(outcome)).toMatchObject({ reward: 0.5, result: verdict });
  });

  it.each([
    [{}, true],
    [{ _ng_failure_terminal: true }, false],
  ])('is a failure when the verdict has a class of failure, masked or not: %j', async (more, retryable) => {
    const verdict = { reward: 0, mask_sample: true, _ng_failure_class: 'judge_failed', ...more };
    const told = { ...verdict, _ng_failure_judge_error: 'the judge is down' };
    const { outcome } = await playScript([turn(says('x'))], { environment: verifying(told) });
    expect(outcome).toMatchObject({ status: 'failed', kind: 'judge_failed', retryable });
    expect(outcome).toHaveProperty('message', expect.stringContaining('the judge is down'));
    expect(outcome).not.toHaveProperty('partial.reward');
  });
});

describe('how an episode ends: failures', () => {
  it('keeps the kind, the message and what there was of a model failure', async () => {
    const { outcome, events } = await playScript([
      turn(calls('add', '{"by":1}')),
      () => Promise.reject(new CallFailure('rate_limited', 'slow down', { retryable: true })),
    ]);
    expect(outcome).toMatchObject({
      status: 'failed',
      kind: 'rate_limited',
      message: 'slow down',
      retryable: true,
      partial: { response: { output: [{ type: 'function_call' }, { type: 'function_call_output' }] } },
    });
    expect(events).toEqual(['open', 'add 1 starts', 'add 1 ends', 'close']);
  });

  it('never makes a reward out of a verifier that throws', async () => {
    const { outcome, events } = await playScript([turn(says('x'))], { row: task({ goal: -1 }) });
    expect(outcome).toMatchObject({
      status: 'failed',
      kind: 'verify_failed',
      message: expect.stringMatching(/^Error: no such goal \(.*support\.ts:\d+:\d+\)$/),
    });
    expect(events).toEqual(['open', 'verify', 'close']);
  });

  it('fails a row that does not fit before the model is asked, naming the key', async () => {
    const { outcome, model, events } = await playScript([turn(says('x'))], { row: task({ goal: 'three' }) });
    expect(outcome).toMatchObject({ status: 'failed', kind: 'row_invalid', retryable: false });
    expect(outcome).toHaveProperty('message', expect.stringContaining('goal:'));
    expect(model.requests).toEqual([]);
    expect(events).toEqual([]);
  });

  it.each([[{}], [undefined], [{ input: 5 }]])('fails a row without an input: %j', async (params) => {
    const row = task({ responses_create_params: params });
    const { outcome } = await playScript([turn(says('x'))], { row });
    expect(outcome).toMatchObject({ status: 'failed', kind: 'row_invalid' });
  });

  it('reports a bug of a model as internal, not as a crash', async () => {
    const { outcome } = await playScript([() => Promise.reject(new TypeError('x is not a function'))]);
    expect(outcome).toMatchObject({
      status: 'failed',
      kind: 'internal',
      message: expect.stringMatching(/^TypeError: x is not a function \(.*endings\.test\.ts:\d+:\d+\)$/),
    });
  });

  it('reports what open throws', async () => {
    const environment = environmentWith({ open: () => Promise.reject(new Error('no room')) });
    const { outcome } = await playScript([turn(says('x'))], { environment });
    expect(outcome).toMatchObject({
      status: 'failed',
      kind: 'open_failed',
      message: expect.stringMatching(/^Error: no room \(.*endings\.test\.ts:\d+:\d+\)$/),
    });
  });
});

describe('how an episode ends: time and cancellation', () => {
  it('is cancelled with the reason, and closed, even when the model does not listen', async () => {
    const controller = new AbortController();
    const playing = playScript([hangs], { signal: controller.signal });
    await settle();
    controller.abort(new Error('interrupted by the user'));
    const { outcome, events } = await playing;
    expect(outcome).toEqual({ status: 'cancelled', reason: 'Error: interrupted by the user' });
    expect(events).toEqual(['open', 'close']);
  });

  it('does not start when it is cancelled already', async () => {
    const { outcome, events, model } = await playScript([turn(says('x'))], {
      signal: AbortSignal.abort(new Error('stop')),
    });
    expect(outcome.status).toBe('cancelled');
    expect(model.requests).toEqual([]);
    expect(events).toEqual([]);
  });

  it('ends at its wall-clock limit as a failure of its own kind', async () => {
    const clock = new ManualClock();
    const playing = playScript([hangs], { clock, config: { episode_timeout_seconds: 60 } });
    await settle();
    clock.advance(59_999);
    await settle();
    clock.advance(1);
    const { outcome, events } = await playing;
    expect(outcome).toMatchObject({ status: 'failed', kind: 'episode_timeout', retryable: true });
    expect(events).toEqual(['open', 'close']);
  });

  it('tells the model the deadline, one hour unless configured', async () => {
    const seen: (number | null)[] = [];
    const look = (seconds?: number) =>
      playScript(
        [
          (_request, call) => {
            seen.push(call.deadline);
            return Promise.resolve(turn(says('x')));
          },
        ],
        {
          clock: new ManualClock(),
          config: seconds === undefined ? {} : { episode_timeout_seconds: seconds },
        },
      );
    await look();
    await look(5);
    await look(0);
    expect(seen).toEqual([3_600_000, 5_000, null]);
  });
});

describe('how an episode ends: a session that comes too late', () => {
  it('is closed all the same', async () => {
    const clock = new ManualClock();
    const closed: unknown[] = [];
    let opened: (session: unknown) => void = () => undefined;
    // Not made by defineEnvironment, which has a guard of its own.
    const environment: Environment = {
      name: 'slow',
      tools: [],
      open: () => new Promise((resolve) => (opened = resolve)),
      callTool: () => Promise.resolve(''),
      verify: () => Promise.resolve({ reward: 1 }),
      close: (session) => {
        closed.push(session);
        return Promise.resolve();
      },
    };
    const playing = playScript([turn(says('x'))], {
      clock,
      environment,
      config: { episode_timeout_seconds: 60 },
    });
    await settle();
    clock.advance(60_000);
    expect((await playing).outcome).toMatchObject({ status: 'failed', kind: 'episode_timeout' });
    expect(closed).toEqual([]);
    opened('late');
    await settle();
    expect(closed).toEqual(['late']);
  });
});

describe('how an episode ends: close', () => {
  it('keeps the score when close fails, and says so', async () => {
    const environment = environmentWith({ close: () => Promise.reject(new Error('busy')) });
    const { outcome, phases } = await playScript([turn(says('x'))], { environment });
    expect(scored(outcome).reward).toBe(1);
    expect(phases).toContainEqual(
      expect.stringMatching(/^closing close failed: Error: busy \(test\/agents\/endings.test.ts:\d+:\d+\)$/),
    );
  });

  it('does not wait for ever for close', async () => {
    const clock = new ManualClock();
    const environment = environmentWith({ close: () => new Promise(() => undefined) });
    const playing = playScript([turn(says('x'))], { environment, clock });
    await settle();
    clock.advance(30_000);
    expect(scored((await playing).outcome).reward).toBe(1);
  });

  it('closes a session that is opened after the episode is over', async () => {
    const events: string[] = [];
    let finish: (value: string) => void = () => undefined;
    const environment = environmentWith({
      open: () => new Promise((resolve) => (finish = resolve)),
      close: () => Promise.resolve(void events.push('close')),
    });
    const controller = new AbortController();
    const playing = playScript([turn(says('x'))], { environment, signal: controller.signal });
    await settle();
    controller.abort(new Error('stop'));
    expect((await playing).outcome.status).toBe('cancelled');
    finish('late');
    await settle();
    expect(events).toEqual(['close']);
  });
});
