import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { startProvider } from '../support/provider/provider.mjs';
import { GATEWAY, MODELS, testPlatform, type TestPlatform } from './support.js';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const TOKEN = 'a-token-of-many-characters';
const TOKENS = '/apis/ngym/v2/workspaces/default/tokens';
const CHAT = { model: 'fake-model', messages: [{ role: 'user', content: 'x' }] };

async function platform(options: Parameters<typeof testPlatform>[0] = {}): Promise<TestPlatform> {
  const made = await testPlatform({ discovery: false, ...options });
  ends.push(() => made.end());
  return made;
}

function statusWith({ port }: TestPlatform, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path: `${MODELS}/models`, headers }, (reply) => {
      reply.resume();
      resolve(reply.statusCode ?? 0);
    });
    asked.on('error', reject);
    asked.end();
  });
}

describe('access to the platform', () => {
  it('needs the token for everything but its health, and passes it to no provider', async () => {
    const upstream = await startProvider({ models: ['fake-model'] });
    ends.push(() => upstream.close());
    const nmp = await platform({ token: TOKEN });
    const bearer = { authorization: `Bearer ${TOKEN}` };
    expect((await nmp.ask('GET', '/health/ready')).status).toBe(200);
    expect((await nmp.ask('GET', `${MODELS}/models`)).status).toBe(401);
    expect(
      (await nmp.ask('GET', `${MODELS}/models`, undefined, { authorization: 'Bearer wrong' })).status,
    ).toBe(401);
    const body = { name: 'pp', host_url: upstream.baseUrl };
    expect((await nmp.ask('POST', `${MODELS}/providers`, body, bearer)).status).toBe(201);
    const chat = { model: 'fake-model', messages: [{ role: 'user', content: 'x' }] };
    const path = `${GATEWAY}/provider/pp/-/v1/chat/completions`;
    expect((await nmp.ask('POST', path, chat)).status).toBe(401);
    const headers = { ...bearer, 'x-api-key': TOKEN, 'x-own': 'yes' };
    expect((await nmp.ask('POST', path, chat, headers)).status).toBe(200);
    const sent = upstream.requests.at(-1)!.headers;
    expect(sent).toMatchObject({ 'x-own': 'yes' });
    expect(JSON.stringify(sent)).not.toContain(TOKEN);
  });

  it('is refused to web pages of other sites, and under foreign names', async () => {
    const nmp = await platform();
    expect(await statusWith(nmp, {})).toBe(200);
    expect(await statusWith(nmp, { host: 'evil.example' })).toBe(421);
    expect(await statusWith(nmp, { origin: 'http://evil.example' })).toBe(403);
    expect(await statusWith(nmp, { origin: 'http://localhost:3000' })).toBe(200);
  });

  it('is for loopback alone without a token', async () => {
    await expect(testPlatform({ host: '0.0.0.0' })).rejects.toThrow('without a token');
  });

  it('is given to a workspace by a token of its own, which is kept as its digest and ends with its deletion', async () => {
    const upstream = await startProvider({ models: ['fake-model'] });
    ends.push(() => upstream.close());
    const nmp = await platform({ token: TOKEN });
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
    const operator = bearer(TOKEN);
    await nmp.ask('POST', '/apis/entities/v2/workspaces', { name: 'other' }, operator);
    await nmp.ask('POST', `${MODELS}/providers`, { name: 'pp', host_url: upstream.baseUrl }, operator);
    await nmp.settle();
    const made: Record<string, string> = {};
    for (const scope of ['inference', 'workspace']) {
      const { status, body } = await nmp.ask('POST', TOKENS, { name: scope, scope }, operator);
      expect([status, body.scope]).toEqual([201, scope]);
      made[scope] = body.token;
    }
    const rows = await nmp.database.all("select data from entities where kind = 'token'");
    for (const token of Object.values(made)) expect(JSON.stringify(rows)).not.toContain(token.slice(8));
    const listed = await nmp.ask('GET', TOKENS, undefined, operator);
    expect(listed.body.data).toHaveLength(2);
    expect(listed.text).not.toMatch(/digest|"token"/);

    const status = async (token: string, method: string, at: string, body?: object) =>
      (await nmp.ask(method, at, body, bearer(token))).status;
    const asked: [string, string, object?][] = [
      ['POST', `${GATEWAY}/openai/-/v1/chat/completions`, CHAT],
      ['POST', `${GATEWAY}/provider/pp/-/v1/chat/completions`, CHAT],
      ['GET', `${MODELS}/models`],
      ['GET', `${MODELS.replace('default', '-')}/models`],
      ['GET', `${MODELS.replace('default', 'other')}/models`],
      ['POST', '/apis/secrets/v2/rotate-encryption-keys'],
      ['POST', TOKENS, { name: 'more' }],
      ['GET', '/cluster-info'],
    ];
    const of = (token: string) =>
      Promise.all(asked.map(([method, at, body]) => status(token, method, at, body)));
    expect(await of(made['inference']!)).toEqual([200, 200, 403, 403, 403, 403, 403, 200]);
    expect(await of(made['workspace']!)).toEqual([200, 200, 200, 403, 403, 403, 403, 200]);
    expect((await of('ngymws-nobody')).slice(0, 3)).toEqual([401, 401, 401]);
    const sent = upstream.requests.at(-1)!.headers;
    expect(JSON.stringify(sent)).not.toContain('ngymws');
    for (const [at, body] of [
      [TOKENS.replace('ngym', '%6egym'), { name: 'more' }],
      ['/apis/ngym%2Fv2/workspaces/default/tokens', { name: 'more' }],
      ['/apis/models%2Fv2%2Fworkspaces%2Fother/v2/workspaces/default/models', {}],
    ] as const) {
      expect(await status(made['workspace']!, 'POST', at, body), at).toBe(403);
    }

    expect((await nmp.ask('DELETE', `${TOKENS}/inference`, undefined, operator)).status).toBe(204);
    expect((await of(made['inference']!)).slice(0, 2)).toEqual([401, 401]);
  });
});
