import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { AGENT_TYPES, remoteAgent } from '../../src/agents/index.js';
import type { Agent, JsonObject, Model } from '../../src/protocol/index.js';
import { systemClock } from '../../src/transport/index.js';
import { call, Cleanup, counter, reply, row } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const model: Model = {
  name: 'none',
  modelId: '',
  respond: () => Promise.reject(new Error('nobody may ask the local model')),
  close: () => Promise.resolve(),
};

interface Asked {
  path: string;
  cookie: string | undefined;
  body: JsonObject;
}

/** A service that answers by a script; `answer` gives status and body, or destroys the connection. */
async function service(
  answer: (asked: Asked, n: number) => { status?: number; text: string } | 'reset' | 'silence',
) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const one = {
        path: request.url!,
        cookie: request.headers.cookie,
        body: JSON.parse(text) as JsonObject,
      };
      asked.push(one);
      const told = answer(one, asked.length);
      if (told === 'silence') return;
      if (told === 'reset') response.destroy();
      else {
        response.setHeader('set-cookie', `turn=${asked.length}`);
        response.writeHead(told.status ?? 200, { location: 'http://elsewhere/' }).end(told.text);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const clock = { ...systemClock, sleep: () => Promise.resolve() };

function agentAt(url: string, config: Record<string, unknown> = {}): Agent {
  const agent = remoteAgent.create('far', { base_url: url, ...config }, { clock });
  cleanup.after(() => agent.dispose!());
  return agent;
}

function run(agent: Agent, environment = counter().environment) {
  return agent.run(row({ wanted: 3 }), { model, environment, call: call() });
}

const scored = { responses_create_params: {}, response: { ...reply(), output: reply().output }, reward: 0.5 };
const send = (body: unknown, status = 200) => ({ status, text: JSON.stringify(body) });

describe('an agent server elsewhere', () => {
  it('is given the row as it is, once', async () => {
    const { asked, url } = await service(() =>
      send({ ...scored, _ng_task_index: 9, agent_ref: {}, extra: 1 }),
    );
    const outcome = await run(agentAt(url));
    expect(outcome).toEqual({
      status: 'scored',
      reward: 0.5,
      result: { ...scored, extra: 1 },
      stopReason: 'answered',
      turns: 1,
    });
    expect(asked).toEqual([{ path: '/run', cookie: undefined, body: row({ wanted: 3 }) }]);
  });

  it('tells its failures in the reference’s ways', async () => {
    const cases: [unknown, object][] = [
      [
        { ...scored, reward: 0, _ng_failure_class: 'judge_failed', error: 'no judge' },
        { kind: 'judge_failed', retryable: true },
      ],
      [
        {
          ...scored,
          reward: 0,
          _ng_failure_class: 'remote_agent_error',
          error: 'x',
          _ng_failure_terminal: true,
        },
        { kind: 'agent_failed', retryable: false },
      ],
      [{ ...scored, reward: null }, { kind: 'verify_failed' }],
      [{ ...scored, reward: 'much' }, { kind: 'verify_failed' }],
      [[], { kind: 'garbage_reply', retryable: true }],
    ];
    for (const [body, told] of cases) {
      const { url } = await service(() => send(body));
      expect(await run(agentAt(url))).toMatchObject({ status: 'failed', ...told });
    }
    const { url } = await service(() => send({ ...scored, _ng_no_persist: true }));
    expect(await run(agentAt(url))).toMatchObject({ status: 'cancelled' });
  });

  it('tells of masked episodes as the reference does: the flag, unless there is a class of failure', async () => {
    const told = { ...scored, reward: 0, mask_sample: true, failure_kind: 'session_lost' };
    const masked = await service(() => send({ ...told, failure_reason: 'reset' }));
    expect(await run(agentAt(masked.url))).toEqual({
      status: 'masked',
      reason: 'reset',
      result: { ...told, failure_reason: 'reset' },
      stopReason: 'answered',
      turns: 1,
    });
    const judged = await service(() => send({ ...told, _ng_failure_class: 'judge_failed' }));
    expect(await run(agentAt(judged.url))).toMatchObject({ status: 'failed', kind: 'judge_failed' });
  });

  it('shows by its reply why it ended, where it does not say', async () => {
    const message = (...content: object[]) => ({ type: 'message', role: 'assistant', content });
    const call = [
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c', output: 'x' },
    ];
    const usage = { input_tokens: 5, output_tokens: 0, total_tokens: 5 };
    const cases: [object, string][] = [
      [{ incomplete_details: { reason: 'content_filter' } }, 'content_filter'],
      [{ incomplete_details: { reason: 'max_output_tokens' } }, 'incomplete'],
      [{ output: [message({ type: 'refusal', refusal: 'no' })] }, 'refusal'],
      [{ output: [message({ type: 'output_text', text: '' })] }, 'empty'],
      [{ output: [message({ type: 'output_text', text: '' })], usage }, 'no_tokens'],
      [{ output: [message({ type: 'output_text', text: 'said' }), ...call, message()], usage }, 'empty'],
      [{ output: [...call, message({ type: 'output_text', text: 'said' })] }, 'answered'],
    ];
    for (const [response, stopReason] of cases) {
      const { url } = await service(() => send({ ...scored, response: { ...scored.response, ...response } }));
      expect(await run(agentAt(url)), stopReason).toMatchObject({ status: 'scored', stopReason });
    }
  });

  it('tells of refusals with its words', async () => {
    const broken = await service(() => ({ status: 500, text: '"ValueError(\'no such file\')"' }));
    expect(await run(agentAt(broken.url))).toMatchObject({
      kind: 'agent_failed',
      retryable: true,
      message: expect.stringContaining('no such file') as string,
    });
    const refused = await service(() =>
      send({ detail: [{ loc: ['body', 'x'], msg: 'Field required' }] }, 422),
    );
    expect(await run(agentAt(refused.url))).toMatchObject({ kind: 'row_invalid', retryable: false });
  });

  it('never plays an episode twice, and ends with its time', async () => {
    const lost = await service(() => 'reset');
    expect(await run(agentAt(lost.url))).toMatchObject({ kind: 'ambiguous_delivery', retryable: true });
    expect(lost.asked).toHaveLength(1);
    const silent = await service(() => 'silence');
    expect(await run(agentAt(silent.url, { episode_timeout_seconds: 0.05 }))).toMatchObject({
      kind: 'episode_timeout',
    });
    expect(await run(agentAt('http://127.0.0.1:1'))).toMatchObject({
      kind: 'connect_refused',
      retryable: true,
    });
  });

  it('counts the turns of a trajectory that does not say', async () => {
    const item = (type: string, role?: string) => ({ type, ...(role !== undefined && { role }) });
    const output = [
      item('reasoning'),
      item('function_call'),
      item('function_call_output'),
      item('message', 'assistant'),
    ];
    const { url } = await service(() =>
      send({ ...scored, response: { output, incomplete_details: { reason: 'max_output_tokens' } } }),
    );
    expect(await run(agentAt(url))).toMatchObject({ turns: 2, stopReason: 'incomplete' });
  });
});

function serviceAt(url: string, config: Record<string, unknown> = {}): Agent {
  const agent = AGENT_TYPES['remote_agent']!.create(
    'service',
    { agent_base_url: url, ...config },
    { clock: systemClock },
  );
  cleanup.after(() => agent.dispose!());
  return agent;
}

const functionCall = (id: string, amount: number) => ({
  type: 'function_call',
  call_id: id,
  name: 'add',
  arguments: JSON.stringify({ amount }),
});

describe('remote_agent', () => {
  it('runs the calls that the service left open, with our environment, and verifies here', async () => {
    const { asked, url } = await service((_, n) =>
      send(
        n === 1
          ? {
              ...reply(),
              output: [
                functionCall('own', 100),
                { type: 'function_call_output', call_id: 'own', output: 'done there' },
                functionCall('open', 1),
                functionCall('open', 3),
              ],
            }
          : reply('three'),
      ),
    );
    const { environment, sessions } = counter();
    const outcome = await run(serviceAt(`${url}/`), environment);
    expect(outcome).toMatchObject({ status: 'scored', reward: 1, turns: 2, result: { total: 3 } });
    expect(sessions).toEqual({ opened: 1, closed: 1 });
    expect(asked.map(({ path, cookie }) => [path, cookie])).toEqual([
      ['/v1/responses', undefined],
      ['/v1/responses', 'turn=1'],
    ]);
    expect(asked[0]!.body).toEqual(row().responses_create_params);
    expect((asked[1]!.body['input'] as unknown[]).at(-1)).toMatchObject({
      call_id: 'open',
      output: '{"total":3}',
    });
  });

  it('fails as data, without scoring', async () => {
    const cases: [Parameters<typeof service>[0], string][] = [
      [() => send({ detail: 'overloaded' }, 500), 'agent_failed'],
      [() => ({ status: 301, text: '' }), 'agent_failed'],
      [() => ({ text: '<html>' }), 'garbage_reply'],
      [() => send({ object: 'other' }), 'garbage_reply'],
      [() => 'reset', 'ambiguous_delivery'],
      [() => 'silence', 'timeout_call'],
    ];
    for (const [answer, kind] of cases) {
      const { asked, url } = await service(answer);
      const { environment, sessions } = counter();
      const outcome = await run(serviceAt(url, { remote_responses_timeout_secs: 0.2 }), environment);
      expect(outcome).toMatchObject({ status: 'failed', kind });
      expect(asked).toHaveLength(1);
      expect(sessions).toEqual({ opened: 1, closed: 1 });
    }
  });

  it('plays so many episodes at a time', async () => {
    let [now, most] = [0, 0];
    const { url } = await service(() => send(reply()));
    const agent = serviceAt(url, { concurrency: 2 });
    const { environment } = counter();
    const watched = {
      ...{ name: 'w', tools: [] },
      open: async (...given: Parameters<typeof environment.open>) => {
        most = Math.max(most, ++now);
        return environment.open(...given);
      },
      callTool: environment.callTool.bind(environment),
      verify: environment.verify.bind(environment),
      close: async (session: unknown) => {
        now -= 1;
        await environment.close(session);
      },
    };
    await Promise.all(Array.from({ length: 8 }, () => run(agent, watched as typeof environment)));
    expect(most).toBe(2);
  });

  it('takes only a plain address, and does not echo a password', () => {
    for (const url of ['ftp://x', 'host:1', 'http://a?b=1', 'http://a#b', 'http://u:geheim@a']) {
      expect(() => serviceAt(url)).toThrow('agent_base_url');
      expect(() => serviceAt(url)).not.toThrow('geheim');
    }
  });
});
