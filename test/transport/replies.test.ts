import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { ByteStream } from '../../src/transport/index.js';
import { testCall } from '../support/call.js';
import { chatWire, failureOf, testTransport } from './helpers.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections();
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: { path: string; method: string; body: string; authorization: string | undefined }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (bytes: Buffer) => (body += bytes.toString()));
    request.on('end', () => {
      const { authorization } = request.headers;
      asked.push({ path: request.url!, method: request.method!, body, authorization });
      answer(request, response);
    });
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}/v1`, port, asked };
}

const REPLY = JSON.stringify({ choices: [{ message: { content: 'yes' } }], filler: 'x'.repeat(20_000) });

/** The whole text of a stream, with pauses asked for on the way. */
function textOf(stream: ByteStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    stream.flow({
      chunk: (bytes) => {
        text += bytes.toString();
        setTimeout(() => stream.resume(), 1);
        return false;
      },
      end: () => resolve(text),
      fail: reject,
    });
  });
}

function openStream(baseUrl: string): Promise<ByteStream> {
  const { url, endpoint, headers, body, model, replaySafe } = chatWire(baseUrl);
  const read = (stream: unknown): ByteStream => stream as ByteStream;
  const request = { url, endpoint, headers, body, model, replaySafe, read };
  return testTransport()
    .stream(request, testCall())
    .then(({ value }) => value);
}

describe('compressed replies', () => {
  const forms = [
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['gzip, br', (text: string) => brotliCompressSync(gzipSync(text))],
  ] as const;

  it.each(forms)('reads %s, whole and streamed', async (encoding, compress) => {
    const { baseUrl } = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding });
      response.end(compress(REPLY));
    });
    expect((await testTransport().exchange(chatWire(baseUrl), testCall())).value).toBe('yes');
    expect(await textOf(await openStream(baseUrl))).toBe(REPLY);
  });

  it('reads a compressed error', async () => {
    const { baseUrl } = await serve((_request, response) => {
      response.writeHead(401, { 'content-encoding': 'gzip' });
      response.end(gzipSync('{"error":{"message":"no such key"}}'));
    });
    const failure = await failureOf(testTransport().exchange(chatWire(baseUrl), testCall()));
    expect([failure.kind, failure.message]).toEqual(['auth', expect.stringContaining('no such key')]);
    const streamed = await failureOf(openStream(baseUrl));
    expect([streamed.kind, streamed.message]).toEqual(['auth', expect.stringContaining('no such key')]);
  });

  it('does not unpack more than a reply may have', async () => {
    const { baseUrl } = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(gzipSync(Buffer.alloc(50_000_000)));
    });
    const { exchange } = testTransport({ maxReplyBytes: 1_000_000 });
    const before = process.memoryUsage().rss;
    expect((await failureOf(exchange(chatWire(baseUrl), testCall()))).kind).toBe('oversized_reply');
    expect(process.memoryUsage().rss - before).toBeLessThan(40_000_000);
  });

  it.each([
    ['zip', REPLY, 'compressed as "zip"'],
    ['gzip', 'plain text', 'not compressed as its headers say'],
    ['gzip', gzipSync(REPLY).subarray(0, 40), 'not compressed as its headers say'],
  ])('says what is wrong with a body that claims %s', async (encoding, body, words) => {
    const { baseUrl, asked } = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding });
      response.end(body);
    });
    const failure = await failureOf(testTransport().exchange(chatWire(baseUrl), testCall()));
    expect([failure.kind, failure.message]).toEqual(['garbage_reply', expect.stringContaining(words)]);
    expect(asked.length).toBeGreaterThan(1);
  });
});

describe('redirects', () => {
  const moved = (status: number, to: string) => (request: IncomingMessage, response: ServerResponse) => {
    if (request.url!.startsWith('/v1/')) response.writeHead(status, { location: to }).end('moved');
    else response.writeHead(200, { 'content-type': 'application/json' }).end(REPLY);
  };

  it.each([307, 308])('follows a %d on the same host with the same request', async (status) => {
    const { baseUrl, asked } = await serve(moved(status, '/v2/chat/completions?a=1'));
    const call = testCall();
    expect((await testTransport().exchange(chatWire(baseUrl), call)).value).toBe('yes');
    const [first, second] = asked;
    expect(second).toEqual({ ...first, path: '/v2/chat/completions?a=1' });
    expect(call.attempts).toHaveLength(1);
    expect(await textOf(await openStream(baseUrl))).toBe(REPLY);
  });

  it.each([
    [301, '/v2/chat/completions'],
    [302, '/v2/chat/completions'],
    [303, '/v2/chat/completions'],
    [308, 'http://localhost:1/v2'],
    [308, 'http://127.0.0.1:1/v2'],
    [308, 'https://127.0.0.1:1/v2'],
    [308, 'http://user:word@127.0.0.1/v2'],
  ])('does not follow a %d to %s, and says where it leads', async (status, to) => {
    const { baseUrl, asked } = await serve(moved(status, to));
    for (const asking of [testTransport().exchange(chatWire(baseUrl), testCall()), openStream(baseUrl)]) {
      const failure = await failureOf(asking);
      expect([failure.kind, failure.message]).toEqual(['bad_request', expect.stringContaining(to)]);
    }
    expect(asked.map(({ path }) => path)).toEqual(['/v1/chat/completions', '/v1/chat/completions']);
  });

  it('ends a circle', async () => {
    const { baseUrl, asked } = await serve(moved(308, '/v1/chat/completions'));
    expect((await failureOf(testTransport().exchange(chatWire(baseUrl), testCall()))).kind).toBe(
      'bad_request',
    );
    expect((await failureOf(openStream(baseUrl))).kind).toBe('bad_request');
    expect(asked).toHaveLength(12);
  });
});

describe('odd replies', () => {
  it('says that the headers of a reply are too large, once', async () => {
    const { baseUrl, asked } = await serve((_request, response) => {
      response.writeHead(200, { 'x-large': 'x'.repeat(100_000) }).end(REPLY);
    });
    const failure = await failureOf(testTransport().exchange(chatWire(baseUrl), testCall()));
    expect([failure.kind, failure.message]).toEqual(['oversized_reply', expect.stringContaining('headers')]);
    expect(asked).toHaveLength(1);
  });

  it('asks again after 499, which a proxy on the way answers when it gave up', async () => {
    let first = true;
    const { baseUrl } = await serve((_request, response) => {
      response.writeHead(first ? 499 : 200).end(first ? '' : REPLY);
      first = false;
    });
    expect((await testTransport().exchange(chatWire(baseUrl), testCall())).value).toBe('yes');
  });
});
