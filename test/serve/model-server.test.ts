import { request as httpRequest, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { serveModel, UPSTREAMS } from './model-support.js';
import { Cleanup, get, post } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const PATHS = { responses: '/v1/responses', chat: '/v1/chat/completions', messages: '/v1/messages' };
const bodies = {
  responses: { input: '[answer: one two three four five six]' },
  chat: { messages: [{ role: 'user', content: '[answer: one two three four five six]' }] },
  messages: { max_tokens: 9, messages: [{ role: 'user', content: '[answer: one two three four five six]' }] },
};
const DIALECTS = ['responses', 'chat', 'messages'] as const;

/** Reads a stream piece by piece; `leave` hangs up after so many pieces. */
function stream(url: string, body: unknown, leave = Infinity): Promise<{ text: string; pieces: number }> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest(url, { method: 'POST', headers: { 'content-type': 'application/json' } });
    asked.on('error', reject);
    asked.on('response', (response) => {
      let text = '';
      let pieces = 0;
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        text += piece;
        pieces += 1;
        if (pieces >= leave) {
          response.removeAllListeners('error');
          response.on('error', () => undefined);
          asked.destroy();
          resolve({ text, pieces });
        }
      });
      response.on('end', () => resolve({ text, pieces }));
      response.on('error', reject);
    });
    asked.end(JSON.stringify({ ...(body as object), stream: true }));
  });
}

describe('model server', () => {
  for (const upstream of UPSTREAMS) {
    for (const dialect of DIALECTS) {
      it(`streams ${dialect} from a ${upstream} provider as it comes, not at the end`, async () => {
        const { url, provider } = await serveModel(cleanup, upstream, { tokenDelayMs: 15 });
        const { text, pieces } = await stream(url + PATHS[dialect], bodies[dialect]);
        expect(pieces).toBeGreaterThan(4);
        expect(text).toContain('six');
        expect(provider.requests[0]).toMatchObject({ stream: true, model: 'configured' });
      });

      it(`closes the ${upstream} provider's connection when a ${dialect} client hangs up`, async () => {
        const { url, provider } = await serveModel(cleanup, upstream, {
          faultFor: () => ({ kind: 'stall_mid_body', after: 2 }),
        });
        await stream(url + PATHS[dialect], bodies[dialect], 1);
        const left = performance.now();
        await expect.poll(() => provider.counts().open, { interval: 2 }).toBe(0);
        // The promise is 50 ms; a loaded machine gets some more.
        expect(performance.now() - left).toBeLessThan(500);
        expect(provider.counts().aborted).toBe(1);
      });

      it(`stops asking the ${upstream} provider when a ${dialect} client hangs up before the answer`, async () => {
        const served = await serveModel(cleanup, upstream, {
          faultFor: () => 'stall_before_headers',
        });
        const { url, provider } = served;
        const asked = httpRequest(url + PATHS[dialect], { method: 'POST' });
        asked.on('error', () => undefined);
        asked.end(JSON.stringify(bodies[dialect]));
        await expect.poll(() => provider.counts().open).toBe(1);
        asked.destroy();
        await expect.poll(() => provider.counts().open, { interval: 2 }).toBe(0);
        await expect.poll(() => served.connections()).toBe(0);
      });
    }
  }

  it('tells errors in the dialect of the path', async () => {
    const { url, provider } = await serveModel(cleanup, 'chat');
    const fail = () =>
      provider.setScript([{ kind: 'status', status: 400, message: 'no such thing', code: 'nope' }]);
    fail();
    expect(await post(url + PATHS.chat, bodies.chat)).toMatchObject({
      status: 400,
      body: { error: { code: 'nope', message: expect.stringContaining('no such thing') as string } },
    });
    fail();
    expect((await post(url + PATHS.responses, bodies.responses)).body.error.code).toBe('nope');
    fail();
    expect((await post(url + PATHS.messages, bodies.messages)).body).toMatchObject({
      type: 'error',
      error: { type: 'invalid_request_error' },
    });
  });

  it('says which part of a request cannot be served, without asking the provider', async () => {
    const { url, provider } = await serveModel(cleanup, 'chat');
    const wrong: [string, unknown][] = [
      [PATHS.chat, {}],
      [PATHS.messages, { messages: 'x' }],
      [PATHS.chat, '{"messages":'],
      [PATHS.responses, '[]'],
    ];
    for (const [path, body] of wrong) {
      const { status, body: told } = await post(url + path, body);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(told.error.message).not.toBe('');
    }
    expect(provider.requests).toEqual([]);
  });

  it('asks again while nothing has been sent, and passes the wait on when it gives up', async () => {
    const { url, provider } = await serveModel(cleanup, 'chat', {}, { max_attempts: 2 });
    provider.setScript(['status_503', 'ok']);
    expect((await post(url + PATHS.chat, bodies.chat)).status).toBe(200);
    provider.setScript(['status_503', 'ok']);
    expect((await stream(url + PATHS.chat, bodies.chat)).text).toContain('[DONE]');
    expect(provider.requests).toHaveLength(4);
  });

  it('ends a stream that was cut so that nobody takes it for whole', async () => {
    for (const upstream of UPSTREAMS) {
      const { url, provider } = await serveModel(cleanup, upstream);
      for (const fault of ['truncate', 'reset_mid_body', 'close_mid_body'] as const) {
        for (const dialect of DIALECTS) {
          provider.setScript([{ kind: fault, after: 2 }]);
          const { text } = await stream(url + PATHS[dialect], bodies[dialect]);
          const mark = { responses: 'response.failed', chat: '"error":', messages: 'event: error' }[dialect];
          expect(text, `${fault} ${dialect} over ${upstream}`).toContain(mark);
        }
      }
    }
  });

  it('adds the end mark that a provider left out', async () => {
    const { url } = await serveModel(cleanup, 'chat', { script: ['no_done'] });
    const { text } = await stream(url + PATHS.chat, bodies.chat);
    expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
    expect(text).not.toContain('"error"');
  });

  it('keeps a slow reader from filling memory', async () => {
    const words = `${'w'.repeat(2_000)} `.repeat(10_000);
    const { url, provider } = await serveModel(cleanup, 'chat', { answer: () => ({ text: words }) });
    const asked = httpRequest(url + PATHS.chat, { method: 'POST' });
    const response = await new Promise<IncomingMessage>((resolve) => {
      asked.on('response', resolve);
      asked.end(JSON.stringify({ ...bodies.chat, stream: true }));
    });
    response.pause();
    await sleep(400);
    // The provider is held back: it has not been able to send everything.
    expect(provider.counts().open).toBe(1);
    let size = 0;
    response.on('data', (piece: Buffer) => (size += piece.length));
    response.resume();
    await new Promise((resolve) => response.on('end', resolve));
    expect(size).toBeGreaterThan(words.length);
  });

  it('answers under the rollout prefix and lists the configured model', async () => {
    const { url } = await serveModel(cleanup, 'chat');
    expect((await post(`${url}/ng-rollout/0-1/v1/chat/completions`, bodies.chat)).status).toBe(200);
    expect((await get(`${url}/v1/models`)).body).toMatchObject({
      object: 'list',
      data: [{ id: 'configured' }],
    });
    expect((await get(`${url}/v1/chat/completions`)).status).toBe(405);
  });
});

describe('JSON beyond all depth', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

  it.each(UPSTREAMS)('is the client’s mistake, and the server lives (%s upstream)', async (upstream) => {
    const { url } = await serveModel(cleanup, upstream);
    const bodies = {
      '/v1/chat/completions': `{"messages":${deep}}`,
      '/v1/responses': `{"input":[],"tools":[{"type":"function","name":"f","parameters":{"a":${deep}}}]}`,
      '/v1/messages': `{"max_tokens":5,"messages":[{"role":"user","content":${deep}}]}`,
    };
    for (const [path, body] of Object.entries(bodies)) {
      const reply = await fetch(url + path, { method: 'POST', body });
      expect([path, reply.status]).toEqual([path, 400]);
      expect(await reply.text()).not.toContain('call stack');
    }
    expect((await fetch(`${url}/v1/models`)).status).toBe(200);
  });
});
