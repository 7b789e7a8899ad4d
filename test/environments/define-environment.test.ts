import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEnvironment } from '../../src/environments/index.js';
import type { GivenServices } from '../../src/environments/index.js';
import type { Environment, Model } from '../../src/protocol/index.js';
import { CallFailure } from '../../src/protocol/index.js';
import { systemClock } from '../../src/transport/index.js';
import { call, reply, row, services } from './support.js';

const never = () => new Promise<never>(() => undefined);

/** Time that is over as soon as somebody waits for it. */
const impatient: GivenServices = {
  clock: {
    now: () => 0,
    sleep: () => Promise.resolve(),
    after: (_ms, callback) => {
      queueMicrotask(callback);
      return () => undefined;
    },
  },
  random: () => 0,
};

describe('defineEnvironment: tools', () => {
  const definition = defineEnvironment({
    name: 'e',
    open: () => ({ seen: [] as unknown[] }),
    tools: {
      text: { run: () => 'as it is "é"' },
      object: { run: () => ({ a: 1, b: [null, 'é'] }) },
      nothing: { run: () => undefined },
      later: { run: () => Promise.resolve([1]) },
      any: {
        run: (session, args) => {
          session.seen.push(args);
          return session.seen;
        },
      },
      strict: {
        parameters: z.object({ n: z.number(), more: z.array(z.string()).optional() }),
        run: (_session, { n }) => n * 2,
      },
      broken: {
        run: () => {
          throw new TypeError('no');
        },
      },
      fatal: { run: () => Promise.reject(new CallFailure('tool_failed', 'gone')) },
      slow: { run: never },
      odd: {
        run: () => {
          // eslint-disable-next-line @typescript-eslint/only-throw-error -- what a careless tool might do
          throw 'text';
        },
      },
    },
    verify: ({ session }) => ({ reward: session.seen.length }),
  });

  const run = async (name: string, args: unknown = {}, use = services) => {
    const environment = definition.create('e', {}, use);
    const output = await environment.callTool(await environment.open(row(), call()), name, args, call());
    return output as string;
  };

  it.each([
    ['text', 'as it is "é"'],
    ['object', '{"a":1,"b":[null,"é"]}'],
    ['nothing', 'null'],
    ['later', '[1]'],
    ['missing', '{"detail":"Not Found"}'],
    ['toString', '{"detail":"Not Found"}'],
    ['broken', '{"error":"Tool \\"broken\\" failed: no"}'],
    ['odd', '{"error":"Tool \\"odd\\" failed: text"}'],
  ])('%s gives %s', async (name, text) => expect(await run(name)).toBe(text));

  it('passes any arguments on where there is no schema', async () => {
    for (const args of [null, 5, [1], { a: 1 }]) expect(await run('any', args)).toBe(JSON.stringify([args]));
  });

  it('says which argument is missing or wrong, in the words of an HTTP tool server', async () => {
    expect(await run('strict', { n: 2 })).toBe('4');
    expect(JSON.parse(await run('strict', { more: ['a', 1] }))).toEqual({
      detail: [
        { type: 'missing', loc: ['body', 'n'], msg: 'Field required', input: null },
        { type: 'invalid_type', loc: ['body', 'more', 1], msg: expect.any(String), input: 1 },
      ],
    });
    expect(JSON.parse(await run('strict', null))).toMatchObject({ detail: [{ loc: ['body'], input: null }] });
  });

  it('ends the episode only when the tool says so', async () => {
    await expect(run('fatal')).rejects.toMatchObject({ kind: 'tool_failed' });
  });

  it('tells the model about a tool that takes too long', async () => {
    expect(await run('slow', {}, impatient)).toBe(
      '{"error":"Tool \\"slow\\" failed: no result within 120 s"}',
    );
  });

  it('lists its tools', () => {
    expect(definition.create('e', {}, services).tools).toContain('strict');
  });
});

describe('defineEnvironment: verify', () => {
  const scoring = (verify: () => unknown, use = services) => {
    const environment = defineEnvironment({
      name: 'e',
      verify: verify as () => { reward: number },
    }).create('mine', {}, use);
    const task = row();
    return environment
      .open(task, call())
      .then((session) => environment.verify(session, task, reply(), call()));
  };

  it.each([[undefined], [null], [{}], [{ reward: '1' }], [{ reward: Number.NaN }], [{ reward: Infinity }]])(
    'never makes a reward out of %j',
    async (verdict) => {
      await expect(scoring(() => verdict)).rejects.toMatchObject({ kind: 'verify_failed' });
    },
  );

  it('has a time limit of its own kind', async () => {
    await expect(scoring(never, impatient)).rejects.toMatchObject({
      kind: 'verify_timeout',
      message: expect.stringContaining('600 s'),
      retryable: true,
    });
  });

  it('does not count the time in which what it asks cannot be reached', async () => {
    const waited = async (pauses: boolean): Promise<unknown> => {
      const definition = defineEnvironment({
        name: 'e',
        verify: async ({ call: episode }) => {
          const resume = pauses ? episode.pause?.() : undefined;
          await new Promise((resolve) => setTimeout(resolve, 150));
          resume?.();
          return { reward: 1 };
        },
      });
      const environment = definition.create(
        'mine',
        { verify_timeout_seconds: 0.05 },
        { ...services, clock: systemClock },
      );
      return environment.verify(await environment.open(row(), call()), row(), reply(), call());
    };
    await expect(waited(true)).resolves.toEqual({ reward: 1 });
    await expect(waited(false)).rejects.toMatchObject({ kind: 'verify_timeout' });
  });

  it('takes time limits from the configuration, and refuses nonsense', async () => {
    const definition = defineEnvironment({ name: 'e', verify: never });
    const environment = definition.create('mine', { verify_timeout_seconds: 0.01 }, services);
    const session = await environment.open(row(), call());
    await expect(environment.verify(session, row(), reply(), call())).rejects.toThrow('0.01 s');
    expect(() => definition.create('mine', { tool_timeout_seconds: 0 }, services)).toThrow(
      /tool_timeout_seconds/,
    );
  });

  it('stops waiting when the episode ends', async () => {
    const controller = new AbortController();
    let inner: AbortSignal | undefined;
    const environment = defineEnvironment({
      name: 'e',
      verify: ({ signal }) => {
        inner = signal;
        return never();
      },
    }).create('mine', {}, services);
    const session = await environment.open(row(), call());
    const verifying = environment.verify(session, row(), reply(), call(controller.signal));
    controller.abort(new Error('enough'));
    await expect(verifying).rejects.toThrow('enough');
    expect(inner?.aborted).toBe(true);
  });

  it('needs a verifier of one kind or the other', () => {
    // @ts-expect-error -- the compiler says so as well
    expect(() => defineEnvironment({ name: 'e' })).toThrow(/verify/);
  });

  it('is checked by the compiler', () => {
    const schemas = { config: z.object({ factor: z.number() }), row: z.object({ n: z.number() }) };
    const session = { open: () => ({ seen: 0 }) };
    const right = defineEnvironment({
      name: 'e',
      ...schemas,
      ...session,
      verify: ({ session: own, row: read, config }) => ({ reward: own.seen + read.n * config.factor }),
    });
    expect(right.name).toBe('e');
    // @ts-expect-error -- a reward is needed
    defineEnvironment({ name: 'e', verify: () => ({ rewrd: 1 }) });
    // @ts-expect-error -- a key that the row's schema does not have is unknown, not a number
    defineEnvironment({ name: 'e', ...schemas, verify: ({ row: read }) => ({ reward: read.m * 2 }) });
    defineEnvironment({
      name: 'e',
      ...session,
      // @ts-expect-error -- nor does the session have it
      step: ({ session: own }) => ({ reward: own.found }),
    });
  });
});

describe('defineEnvironment: rows, configuration, sessions', () => {
  const definition = defineEnvironment({
    name: 'e',
    config: z.object({ factor: z.number().default(2) }),
    row: z.object({ n: z.coerce.number() }),
    open: (read, { config }) => ({ value: read.n * config.factor }),
    verify: ({ session, row: read, config, call: episode }) => ({
      reward: session.value,
      n: read.n,
      uuid: read['uuid'],
      factor: config.factor,
      episode: episode.episodeId,
    }),
  });

  it('gives checked values and keeps the other keys of the row', async () => {
    const environment = definition.create('mine', { factor: 3, entrypoint: 'app.py' }, services);
    const task = row({ n: '4', uuid: 'u' });
    const session = await environment.open(task, call());
    const expected = { reward: 12, n: 4, uuid: 'u', factor: 3, episode: '0-0' };
    expect(await environment.verify(session, task, reply(), call())).toEqual(expected);
    expect(await environment.verify(session, { ...task }, reply(), call())).toEqual(expected);
  });

  it('knows its configuration keys', () => {
    expect(definition.configKeys).toEqual(expect.arrayContaining(['entrypoint', 'domain', 'factor']));
  });

  it('names the instance, the implementation and the key of a wrong configuration', () => {
    expect(() => definition.create('mine', { factor: 'x' }, services)).toThrow(
      /"mine"[\s\S]*"e"[\s\S]*factor/,
    );
  });

  it('asks the model that it is given, and has words for one that is not there', async () => {
    const judged = defineEnvironment({
      name: 'judged',
      verify: ({ services: { model } }) => ({ reward: model('judge').modelId.length }),
    });
    const verdict = async (environment: Environment) =>
      environment.verify(await environment.open(row(), call()), row(), reply(), call());
    const judge = { name: 'judge', modelId: 'four' } as Model;
    await expect(verdict(judged.create('mine', {}, { ...services, model: () => judge }))).resolves.toEqual({
      reward: 4,
    });
    await expect(verdict(judged.create('mine', {}, services))).rejects.toThrow(
      /"mine" refers to model "judge"/,
    );
  });

  it('keeps sessions apart', async () => {
    const environment = definition.create('mine', {}, services);
    const [one, two] = [row({ n: 1 }), row({ n: 2 })];
    const sessions = [await environment.open(one, call()), await environment.open(two, call())];
    expect((await environment.verify(sessions[0], one, reply(), call())).reward).toBe(2);
    expect((await environment.verify(sessions[1], two, reply(), call())).reward).toBe(4);
  });
});
