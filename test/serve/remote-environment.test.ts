import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { remoteEnvironment } from '../../src/environments/index.js';
import type { Environment } from '../../src/protocol/index.js';
import { startEnvironmentServer } from '../../src/serve/environment/index.js';
import { systemClock } from '../../src/transport/index.js';
import { call, Cleanup, context, counter, reply, row } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const definition = await remoteEnvironment();

function remote(baseUrl: string, config: Record<string, unknown> = {}): Environment {
  const services = { clock: { ...systemClock, sleep: () => Promise.resolve() }, random: () => 0 };
  const environment = definition.create('far', { base_url: baseUrl, ...config }, services);
  cleanup.after(() => environment.dispose!());
  return environment;
}

async function served() {
  const { environment, sessions } = counter();
  const server = cleanup.add(
    await startEnvironmentServer({ environment, host: '127.0.0.1', port: 0 }, context()),
  );
  return { far: remote(`${server.url}/`), server, sessions };
}

interface Seen {
  path: string;
  cookie: string | undefined;
  body: string;
}

/** A server that answers by a script and writes down what it is asked. */
async function scripted(answer: (seen: Seen, send: Parameters<RequestListener>[1]) => void) {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const one = { path: request.url!, cookie: request.headers.cookie, body };
      seen.push(one);
      answer(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { seen, url, far: remote(url) };
}

describe('remote environment', () => {
  it('plays an episode with one of our servers', async () => {
    const { far, server, sessions } = await served();
    const session = await far.open(row({ wanted: 3 }), call());
    expect(await far.callTool(session, 'add', { amount: 3 }, call())).toBe('{"total":3}');
    expect(await far.callTool(session, 'nope', {}, call())).toBe('{"detail":"Not Found"}');
    expect(await far.callTool(session, 'add', [], call())).toContain('"loc":["body"]');
    const verdict = await far.verify(session, row({ wanted: 3 }), reply(), call());
    const measured = { mask_sample: false, failure_kind: null, failure_reason: null };
    expect(verdict).toEqual({ reward: 1, total: 3, ...measured });
    await far.close(session);
    expect(sessions).toEqual({ opened: 1, closed: 1 });
    expect(server.sessions()).toBe(0);
  });

  it('closes the session of an episode that was never verified, also a cancelled one', async () => {
    const { far, sessions } = await served();
    const session = await far.open(row(), call());
    await far.close(session);
    await far.close(session);
    expect(sessions).toEqual({ opened: 1, closed: 1 });
  });

  it('types failures of the verifier and of the row', async () => {
    const { far } = await served();
    const session = await far.open(row(), call());
    await expect(far.verify(session, row(), reply(), call())).rejects.toMatchObject({
      kind: 'verify_failed',
      message: expect.stringContaining('no wanted number; ****') as string,
    });
    await expect(far.open(row({ wanted: 'x' }), call())).rejects.toMatchObject({
      kind: 'row_invalid',
      retryable: false,
    });
  });

  it('never lets a tool name become another route', async () => {
    const { far, seen } = await scripted((_, response) => {
      response.setHeader('x-ngym-close', '1').end('{}');
    });
    const session = await far.open(row(), call());
    for (const name of [
      'verify',
      'seed_session',
      'aggregate_metrics',
      'close',
      'mcp',
      '../verify',
      'a/b',
      '..',
      '.',
      '',
      'a?b',
      'a#b',
      'a%2fb',
      'ä',
      'x\r\ny',
    ]) {
      expect(await far.callTool(session, name, {}, call())).toBe('{"detail":"Not Found"}');
    }
    expect(await far.callTool(session, '__proto__', {}, call())).toBe('{}');
    expect(seen.map(({ path }) => path)).toEqual(['/seed_session', '/__proto__']);
  });

  it('merges cookies and keeps them when a reply has none', async () => {
    const { far, seen } = await scripted(({ path }, response) => {
      if (path === '/seed_session') response.setHeader('set-cookie', ['s=1; Path=/; HttpOnly', 'w=a=b']);
      if (path === '/one') response.setHeader('set-cookie', 's=2; Path=/');
      if (path === '/two') response.statusCode = 500;
      response.end('{"reward": 1.0}');
    });
    const session = await far.open(row(), call());
    await far.callTool(session, 'one', {}, call());
    expect(await far.callTool(session, 'two', null, call())).toBe('{"reward": 1.0}');
    await far.verify(session, row(), reply(), call());
    expect(seen.map(({ cookie }) => cookie)).toEqual([undefined, 's=1; w=a=b', 's=2; w=a=b', 's=2; w=a=b']);
    expect(seen[2]!.body).toBe('');
    expect(await far.open(row(), call()).then(() => seen.at(-1)!.cookie)).toBeUndefined();
  });

  it('sends rows as the reference’s agents do', async () => {
    const { far, seen } = await scripted((_, response) => response.end('{"reward":0}'));
    await far.verify(await far.open(row({ extra: 1 }), call()), row({ extra: 1 }), reply(), call());
    const [seeded, verified] = seen.map(({ body }) => JSON.parse(body));
    expect(seeded).toMatchObject({ extra: 1, _ng_task_index: 0 });
    expect(seeded.responses_create_params).toMatchObject({
      tools: [],
      temperature: null,
      tool_choice: 'auto',
    });
    expect(seeded.responses_create_params.input[0].type).toBe('message');
    expect(verified).toEqual({ ...seeded, response: reply() });
  });

  it('does not repeat a call that may have been carried out', async () => {
    const { far, seen } = await scripted(({ path }, response) => {
      if (path === '/seed_session') response.end('{}');
      else response.destroy();
    });
    const session = await far.open(row(), call());
    for (const lost of [
      far.callTool(session, 'pay', {}, call()),
      far.verify(session, row(), reply(), call()),
    ]) {
      await expect(lost).rejects.toMatchObject({ kind: 'ambiguous_delivery', retryable: true });
    }
    expect(seen).toHaveLength(3);
  });

  it('tries again when nothing can have arrived, and then says what to check', async () => {
    const far = remote('http://127.0.0.1:1');
    await expect(far.open(row(), call())).rejects.toMatchObject({
      kind: 'connect_refused',
      message: expect.stringContaining('base_url') as string,
    });
  });

  it('feeds a tool’s time limit back and fails on the verifier’s', async () => {
    const { url } = await scripted(({ path }, response) => {
      if (path === '/seed_session') response.end('{}');
    });
    const limited = remote(url, { tool_timeout_seconds: 0.05, verify_timeout_seconds: 0.05 });
    const session = await limited.open(row(), call());
    expect(await limited.callTool(session, 'slow', {}, call())).toContain('no result within 0.05 s');
    await expect(limited.verify(session, row(), reply(), call())).rejects.toMatchObject({
      kind: 'verify_timeout',
    });
  });

  it('ends at once when the episode does', async () => {
    const { far } = await scripted(({ path }, response) => {
      if (path === '/seed_session') response.end('{}');
    });
    const session = await far.open(row(), call());
    const controller = new AbortController();
    const tool = far.callTool(session, 'slow', {}, call({ signal: controller.signal }));
    controller.abort(new Error('cancelled by the user'));
    await expect(tool).rejects.toThrow('cancelled by the user');
  });

  it('takes only a number for a reward', async () => {
    for (const body of ['{"reward": null}', '{"reward": "1"}', '{}', 'oops', '[1]']) {
      const { far } = await scripted(({ path }, response) => {
        response.end(path === '/seed_session' ? '{}' : body);
      });
      const session = await far.open(row(), call());
      await expect(far.verify(session, row(), reply(), call())).rejects.toMatchObject({
        kind: 'verify_failed',
      });
    }
  });

  it('reads the reference’s judge failure as a failure, not as a reward of 0', async () => {
    const { far } = await scripted((_, response) =>
      response.end('{"reward":0.0,"_ng_failure_class":"judge_failed","_ng_failure_judge_error":"HTTP 401"}'),
    );
    const session = await far.open(row(), call());
    await expect(far.verify(session, row(), reply(), call())).rejects.toMatchObject({
      kind: 'judge_failed',
      message: expect.stringContaining('HTTP 401') as string,
    });
  });

  it('speaks the gymnasium protocol, with step ids and a close where they are offered', async () => {
    const { far, seen } = await scripted(({ path }, response) => {
      if (path === '/seed_session') response.writeHead(404).end('{"detail":"Not Found"}');
      else if (path === '/reset') {
        const info = { supports_explicit_close: true, supports_step_idempotency: true };
        response.setHeader('set-cookie', 's=1').end(JSON.stringify({ observation: 'go', info }));
      } else if (path === '/step') response.end('{"observation":null,"reward":0.5,"terminated":true}');
      else response.end('{}');
    });
    const session = await far.open(row(), call());
    expect(await far.reset!(session, row(), call())).toMatchObject({ observation: 'go' });
    expect(await far.step!(session, row(), reply(), call())).toEqual({
      observation: null,
      reward: 0.5,
      terminated: true,
      truncated: false,
      info: {},
    });
    await far.close(session);
    expect(seen.map(({ path }) => path)).toEqual(['/seed_session', '/reset', '/step', '/close']);
    expect(JSON.parse(seen[2]!.body)._ng_step_request_id).toMatch(/^[0-9a-f]{32}$/);
    await far.open(row(), call());
    expect(seen).toHaveLength(4);
  });

  it('sends the configured token', async () => {
    const { environment } = counter();
    const server = cleanup.add(
      await startEnvironmentServer(
        { environment, host: '127.0.0.1', port: 0 },
        context({ token: 'opensesame' }),
      ),
    );
    await expect(remote(server.url).open(row(), call())).rejects.toMatchObject({ kind: 'open_failed' });
    const far = remote(server.url, { server_token: 'opensesame' });
    await expect(far.open(row(), call())).resolves.toBeDefined();
  });

  it('says what is wrong with its block', () => {
    expect(() => remote('ftp://x')).toThrow('base_url');
  });
});
