import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { startEnvironmentServer } from '../../src/serve/environment/index.js';
import { serveModel } from './model-support.js';
import { Cleanup, context, cookieOf, counter, get, post, reply, row } from './support.js';

/** One test for each attack of the list in docs/serving.md, under the same number. */

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

async function served(over: Parameters<typeof context>[0] = {}, host = '127.0.0.1') {
  const { environment, sessions } = counter();
  const server = cleanup.add(await startEnvironmentServer({ environment, host, port: 0 }, context(over)));
  return { server, sessions, url: `http://127.0.0.1:${server.port}`, port: server.port };
}

/** What fetch would not send: raw bytes. Resolves with everything that comes back. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.setEncoding('latin1');
    socket.on('data', (piece: string) => (answer += piece));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
    socket.setTimeout(2_000, () => socket.destroy());
  });
}

function status(url: string, headers: Record<string, string>, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest(url, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    });
    asked.on('error', reject);
    asked.end();
  });
}

describe('security', () => {
  it('1: no token, a wrong one, and one that shares a beginning', async () => {
    const token = 'a-token-of-twenty-chars';
    const { url } = await served({ token });
    for (const authorization of [
      '',
      'Bearer',
      'Bearer x',
      `Bearer ${token.slice(0, -1)}`,
      `Basic ${token}`,
      token,
    ]) {
      expect((await post(`${url}/verify`, {}, { authorization })).status).toBe(401);
    }
    expect((await post(`${url}/verify`, {}, { authorization: `bearer ${token}` })).status).toBe(422);
    expect((await post(`${url}/verify`, {}, { 'x-api-key': token })).status).toBe(422);
    expect((await get(`${url}/openapi.json`)).status).toBe(401);
    expect((await get(`${url}/health`)).status).toBe(200);
  });

  it('2: a web page whose name points at this machine (DNS rebinding), or that posts across sites', async () => {
    const { url, port } = await served();
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      'localhost.evil.example',
      '127.0.0.1.evil.example',
    ]) {
      expect(await status(`${url}/`, { host })).toBe(421);
    }
    expect(await raw(port, 'GET / HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 421/);
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, 'LOCALHOST']) {
      expect(await status(`${url}/`, { host })).toBe(200);
    }
    expect(await status(`${url}/close`, { origin: 'https://evil.example' }, 'POST')).toBe(403);
    expect(await status(`${url}/close`, { origin: 'null' }, 'POST')).toBe(403);
    expect(await status(`${url}/close`, { origin: `http://localhost:${port}` }, 'POST')).toBe(200);
  });

  it('3: bodies that are too large, announced or not, unpack to any size, or nest without end', async () => {
    const { url, server } = await served({ maxBodyBytes: 10_000 });
    const large = JSON.stringify(row({ padding: 'x'.repeat(20_000) }));
    expect((await post(`${url}/seed_session`, large)).status).toBe(413);
    const chunked = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 20; i++) controller.enqueue(new TextEncoder().encode('x'.repeat(1_000)));
        controller.close();
      },
    });
    const streamed = await fetch(`${url}/seed_session`, {
      method: 'POST',
      body: chunked,
      duplex: 'half',
    })
      .then((answer) => answer.status)
      .catch(() => 413);
    expect(streamed).toBe(413);
    const bomb = gzipSync(Buffer.alloc(5_000_000));
    const packed = await fetch(`${url}/seed_session`, {
      method: 'POST',
      headers: { 'content-encoding': 'gzip' },
      body: bomb.subarray(0, 9_000),
    });
    expect(packed.status).toBe(415);
    const deep = await served({ maxBodyBytes: 10_000_000 });
    const nested = `{"responses_create_params":{"input":${'['.repeat(2_000_000)}${']'.repeat(2_000_000)}}}`;
    expect((await post(`${deep.url}/seed_session`, nested)).status).toBeLessThan(500);
    expect((await get(url)).status).toBe(200);
    expect((await get(deep.url)).status).toBe(200);
    expect(server.sessions()).toBe(0);
  });

  it('4: header injection and requests inside requests', async () => {
    const { port, url } = await served();
    const smuggled = await raw(
      port,
      'POST /close HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /evil HTTP/1.1\r\n\r\n',
    );
    expect(smuggled).toMatch(/^HTTP\/1\.1 400/);
    const folded = await raw(port, 'GET / HTTP/1.1\r\nHost: localhost\r\nX: a\nSet-Cookie: y\r\n\r\n');
    expect(folded).not.toMatch(/set-cookie: y/i);
    const { headers, status: code } = await post(`${url}/x%0d%0aSet-Cookie:%20a=b`, {});
    expect(code).toBe(404);
    expect(headers.get('set-cookie')).toBeNull();
    const long = await raw(port, `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(50_000)}\r\n\r\n`);
    expect(long).toMatch(/^HTTP\/1\.1 431/);
  });

  it('5: tool names that are paths, routes or prototypes', async () => {
    const { url, port, sessions } = await served();
    const jar = cookieOf(await post(`${url}/seed_session`, row()));
    for (const name of [
      '..%2fverify',
      '%2e%2e%2fverify',
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      'add%00',
      'add%2f',
      '%',
      '%zz',
    ]) {
      expect((await post(`${url}/${name}`, {}, jar)).status).toBe(404);
    }
    expect(
      await raw(
        port,
        'POST /../verify HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
      ),
    ).toMatch(/ 404 /);
    expect(
      await raw(
        port,
        'POST http://evil/verify HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
      ),
    ).toMatch(/ 404 /);
    expect(sessions).toEqual({ opened: 1, closed: 0 });
  });

  it('6: keys of a body that would change prototypes', async () => {
    const { url } = await served();
    const body =
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"responses_create_params":{"input":[],"__proto__":{"polluted":1}},"wanted":0}';
    const jar = cookieOf(await post(`${url}/seed_session`, body));
    await post(`${url}/add`, '{"amount":1,"__proto__":{"polluted":1}}', jar);
    await post(`${url}/verify`, `{"response":${JSON.stringify(reply())},${body.slice(1)}`, jar);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('7: forged, altered and foreign session cookies', async () => {
    const { url, server } = await served();
    const seeded = await post(`${url}/seed_session`, row());
    const { cookie } = cookieOf(seeded);
    const [name, value] = [cookie.slice(0, cookie.indexOf('=')), cookie.slice(cookie.indexOf('=') + 1)];
    await post(`${url}/add`, { amount: 5 }, { cookie });
    const [payload, stamp, signature] = value.split('.') as [string, string, string];
    // The reference signs with a name that everybody knows.
    const known = createHmac('sha256', name).update(`${payload}.${stamp}`).digest('base64url');
    const altered = Buffer.from('{"session_id":"other"}').toString('base64url');
    for (const forged of [
      `${payload}.${stamp}.${known}`,
      `${payload}.${stamp}.`,
      `${payload}.${stamp}.${signature.slice(0, -1)}`,
      `${altered}.${stamp}.${signature}`,
      payload,
      '..',
      '',
    ]) {
      const answer = await post(`${url}/add`, { amount: 1 }, { cookie: `${name}=${forged}` });
      expect(answer.text).toBe('{"total":1}');
    }
    const other = await served();
    expect((await post(`${other.url}/add`, { amount: 1 }, { cookie })).text).toBe('{"total":1}');
    expect((await post(`${url}/add`, { amount: 1 }, { cookie: `a=1; ${name}=bad; ${cookie}` })).text).toBe(
      '{"total":6}',
    );
    expect(server.sessions()).toBe(8);
  });

  it('8: a session that was finished by somebody else', async () => {
    const { url } = await served();
    const jar = cookieOf(await post(`${url}/seed_session`, row()));
    await post(`${url}/close`, {}, jar);
    expect((await post(`${url}/add`, { amount: 1 }, jar)).status).toBe(409);
    expect((await post(`${url}/verify`, { ...row({ wanted: 0 }), response: reply() }, jar)).status).toBe(409);
  });

  it('9: a client that tries to choose the model, the key or the address', async () => {
    const { url, provider } = await serveModel(cleanup, 'chat');
    await post(
      `${url}/v1/chat/completions`,
      { model: 'expensive', messages: [{ role: 'user', content: 'x' }] },
      { authorization: 'Bearer other', 'x-forwarded-host': 'evil.example', cookie: 'a=b' },
    );
    const [seen] = provider.requests;
    expect(seen!.model).toBe('configured');
    expect(seen!.headers).toMatchObject({ authorization: 'Bearer sk-test-0123456789' });
    expect(seen!.headers['cookie']).toBeUndefined();
    expect(seen!.headers['x-forwarded-host']).toBeUndefined();
  });

  it('10: a provider’s error that holds the key', async () => {
    const { url, provider } = await serveModel(
      cleanup,
      'chat',
      {},
      {},
      {
        redact: (text) => text.replaceAll('sk-test-0123456789', '***'),
      },
    );
    provider.setScript([{ kind: 'status', status: 401, message: 'wrong key sk-test-0123456789' }]);
    const { text } = await post(`${url}/v1/messages`, {
      max_tokens: 1,
      messages: [{ role: 'user', content: 'x' }],
    });
    expect(text).toContain('wrong key');
    expect(text).not.toContain('0123456789');
  });
});
