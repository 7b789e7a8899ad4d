import { createServer, request } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/transport/index.js';
import { startProvider, type Provider, type ProviderOptions } from '../support/provider/provider.mjs';
import { GATEWAY, MODELS, SECRETS, testPlatform, until, type TestPlatform } from './support.js';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function provider(options: ProviderOptions = {}): Promise<Provider> {
  const made = await startProvider(options);
  ends.push(() => made.close());
  return made;
}

async function platform(options: Parameters<typeof testPlatform>[0] = {}): Promise<TestPlatform> {
  const made = await testPlatform({ discovery: false, ...options });
  ends.push(() => made.end());
  return made;
}

/** A platform with one provider of the given models. */
async function served(models: string[], options: ProviderOptions = {}) {
  const upstream = await provider({ models, ...options });
  const nmp = await platform();
  await nmp.addProvider('pp', { host_url: upstream.baseUrl });
  return { upstream, nmp };
}

const CHAT = { model: 'fake-model', messages: [{ role: 'user', content: '[answer: Hello there]' }] };
const openai = ({ url }: TestPlatform): OpenAI =>
  new OpenAI({ baseURL: `${url}${GATEWAY}/openai/-/v1`, apiKey: 'unused', maxRetries: 0 });
const anthropic = ({ url }: TestPlatform, model: string): Anthropic =>
  new Anthropic({ baseURL: `${url}${GATEWAY}/model/${model}/-`, apiKey: 'unused', maxRetries: 0 });
const TOOLS: OpenAI.ChatCompletionTool[] = [
  {
    type: 'function',
    function: { name: 'look', parameters: { type: 'object', properties: { at: { type: 'string' } } } },
  },
];

describe('the gateway, for the clients of others', () => {
  for (const model of ['fake-model', 'claude-x']) {
    const dialect = model === 'claude-x' ? 'messages' : 'chat';

    it(`answers the openai client, whole and streamed, from a back end that speaks ${dialect}`, async () => {
      const { nmp, upstream } = await served([model]);
      const messages = [{ role: 'user' as const, content: '[answer: Hello there]' }];
      const whole = await openai(nmp).chat.completions.create({ model, messages });
      expect(whole.choices[0]!.message.content).toBe('Hello there');
      expect(whole.model).toBe(`default/${model}`);
      let text = '';
      for await (const chunk of await openai(nmp).chat.completions.create({
        model,
        messages,
        stream: true,
      })) {
        text += chunk.choices[0]?.delta.content ?? '';
        expect(chunk.model).toBe(`default/${model}`);
      }
      expect(text).toBe('Hello there');
      expect(upstream.requests.map(({ path }) => path.split('/').at(-1))).toEqual(
        Array(2).fill(dialect === 'chat' ? 'completions' : 'messages'),
      );
    });

    it(`carries tools to and from a back end that speaks ${dialect}`, async () => {
      const { nmp } = await served([model]);
      const messages = [{ role: 'user' as const, content: '[tool: look {"at":"it"}]' }];
      const stream = openai(nmp).chat.completions.stream({ model, messages, tools: TOOLS });
      const [call] = (await stream.finalChatCompletion()).choices[0]!.message.tool_calls!;
      expect(call).toMatchObject({ type: 'function', function: { name: 'look', arguments: '{"at":"it"}' } });
    });

    it(`answers the anthropic client from a back end that speaks ${dialect}`, async () => {
      const { nmp } = await served([model]);
      const asked = {
        model: 'whatever',
        max_tokens: 50,
        messages: [{ role: 'user' as const, content: '[answer: Hi]' }],
      };
      const whole = await anthropic(nmp, model).messages.create(asked);
      expect(whole.content).toMatchObject([{ type: 'text', text: 'Hi' }]);
      expect(whole.model).toBe(`default/${model}`);
      const streamed = await anthropic(nmp, model).messages.stream(asked).finalMessage();
      expect(streamed.content).toMatchObject([{ type: 'text', text: 'Hi' }]);
      expect(streamed.stop_reason).toBe('end_turn');
    });

    it(`answers Responses from a back end that speaks ${dialect}`, async () => {
      const { nmp } = await served([model]);
      const whole = await openai(nmp).responses.create({ model, input: '[answer: Yes]' });
      expect(whole.output_text).toBe('Yes');
      let last = '';
      for await (const event of await openai(nmp).responses.create({
        model,
        input: '[answer: Yes]',
        stream: true,
      })) {
        if (event.type === 'response.completed')
          last = event.response.output_text ?? JSON.stringify(event.response.output);
      }
      expect(last).toContain('Yes');
    });
  }
});

function rawStatus({ port }: TestPlatform, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method: 'GET' }, (reply) => {
      reply.resume();
      resolve(reply.statusCode ?? 0);
    });
    asked.on('error', reject);
    asked.end();
  });
}

describe('the gateway', () => {
  it('passes a stream on while it comes, and ends the provider’s request when the client hangs up', async () => {
    const { nmp, upstream } = await served(['fake-model'], { tokenDelayMs: 40 });
    const body = {
      ...CHAT,
      stream: true,
      messages: [{ role: 'user', content: `[answer: ${'word '.repeat(200)}]` }],
    };
    for (const route of ['provider/pp', 'model/fake-model', 'openai']) {
      const abort = new AbortController();
      const reply = await fetch(`${nmp.url}${GATEWAY}/${route}/-/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: abort.signal,
      });
      const reader = reply.body!.getReader();
      const first = new TextDecoder().decode((await reader.read()).value);
      expect(first).toContain('data:');
      expect(upstream.counts().open).toBe(1);
      abort.abort();
      await until(() => upstream.counts().open === 0);
    }
  });

  it('ends the provider’s request when a client hangs up before a whole reply is there', async () => {
    const { nmp, upstream } = await served(['fake-model']);
    for (const route of ['provider/pp', 'model/fake-model', 'openai']) {
      for (const kind of ['stall_before_headers', 'stall_mid_body'] as const) {
        upstream.setScript([{ kind }]);
        const abort = new AbortController();
        const asked = fetch(`${nmp.url}${GATEWAY}/${route}/-/v1/chat/completions`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(CHAT),
          signal: abort.signal,
        }).catch(() => undefined);
        await until(() => upstream.counts().open === 1);
        abort.abort();
        await asked;
        await until(() => upstream.counts().open === 0);
      }
    }
  });

  it('forwards the path after /-/ as it is, with encoded slashes made plain, and lets nothing climb out', async () => {
    const { nmp, upstream } = await served(['fake-model']);
    const encoded = await nmp.ask('POST', `${GATEWAY}/provider/pp/-/v1%2Fchat%2Fcompletions`, CHAT);
    expect(encoded.status, encoded.text).toBe(200);
    for (const route of ['provider/pp', 'model/fake-model', 'openai']) {
      const old = `/v2/workspaces/default/inference/gateway/${route}/-/v1/chat/completions`;
      expect((await nmp.ask('POST', old, CHAT)).status, route).toBe(200);
    }
    const before = upstream.requests.length;
    for (const rest of ['%2e%2e/x', '..%2Fx', 'v1/.%2e/x']) {
      // fetch would resolve the dots by itself.
      expect(await rawStatus(nmp, `${GATEWAY}/provider/pp/-/${rest}`), rest).toBe(400);
    }
    expect(upstream.requests).toHaveLength(before);
  });

  it('asks the next provider of a model when one is down, busy or broken, and says what the first one said when all are', async () => {
    const [bad, good] = [
      await provider({ models: ['fake-model'] }),
      await provider({ models: ['fake-model'] }),
    ];
    const nmp = await platform();
    await nmp.addProvider('p1', { host_url: bad.baseUrl });
    await nmp.addProvider('p2', { host_url: good.baseUrl });
    for (const fault of ['status_503', 'rate_limited', 'reset', 'status_401']) {
      bad.setScript([fault]);
      const reply = await nmp.ask('POST', `${GATEWAY}/openai/-/v1/chat/completions`, CHAT);
      expect(reply.status, fault).toBe(200);
    }
    // A request that is wrong is wrong everywhere.
    const asked = good.requests.length;
    await until(async () => {
      bad.setScript(['status_400']);
      good.setScript(['status_400']);
      return (await nmp.ask('POST', `${GATEWAY}/openai/-/v1/chat/completions`, CHAT)).status === 400;
    });
    expect(good.requests.length + bad.requests.length).toBeGreaterThan(asked);
    bad.setScript(['status_503', 'status_503']);
    good.setScript(['status_503', 'status_503']);
    const none = await nmp.ask('POST', `${GATEWAY}/openai/-/v1/chat/completions`, CHAT);
    expect(none.status).toBe(503);
    await bad.close();
    const after = await nmp.ask('POST', `${GATEWAY}/openai/-/v1/chat/completions`, CHAT);
    expect(after.status, after.text).not.toBe(502);
  });

  it('sends what is asked together to all providers of a model', async () => {
    const two = [
      await provider({ models: ['fake-model'], latency: 50 }),
      await provider({ models: ['fake-model'], latency: 50 }),
    ];
    const nmp = await platform();
    for (const [index, { baseUrl }] of two.entries())
      await nmp.addProvider(`p${index + 1}`, { host_url: baseUrl });
    const before = two.map(({ requests }) => requests.length);
    const asked = Array.from({ length: 20 }, () =>
      nmp.ask('POST', `${GATEWAY}/openai/-/v1/chat/completions`, CHAT),
    );
    expect((await Promise.all(asked)).every(({ status }) => status === 200)).toBe(true);
    const shares = two.map(({ requests }, index) => requests.length - before[index]!);
    expect(shares[0]! + shares[1]!).toBe(20);
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(6);
  });

  it('uses a changed secret with the next request, and none that was deleted', async () => {
    const upstream = await provider({ models: ['fake-model'], apiKey: 'sk-right-key' });
    const nmp = await platform();
    await nmp.ask('POST', SECRETS, { name: 'key', value: 'sk-wrong-key' });
    await nmp.addProvider('pp', { host_url: upstream.baseUrl, api_key_secret_name: 'key' });
    const ask = () => nmp.ask('POST', `${GATEWAY}/provider/pp/-/v1/chat/completions`, CHAT);
    expect((await ask()).status).toBe(502);
    await nmp.ask('PATCH', `${SECRETS}/key`, { value: 'sk-right-key\n' });
    expect((await ask()).status).toBe(200);
    const before = upstream.requests.length;
    await nmp.ask('DELETE', `${SECRETS}/key`);
    const gone = await ask();
    expect([gone.status, gone.body.detail]).toEqual([
      424,
      'Could not fetch secret for provider default/pp; secret not found or unreachable',
    ]);
    expect(upstream.requests).toHaveLength(before);
  });

  it('passes on what a provider says to an error, with its wait and without the key', async () => {
    const { nmp, upstream } = await served(['fake-model']);
    await nmp.ask('POST', SECRETS, { name: 'key', value: 'sk-very-secret' });
    await nmp.ask('PUT', `${MODELS}/providers/pp`, {
      host_url: upstream.baseUrl,
      api_key_secret_name: 'key',
      status: 'READY',
    });
    for (const route of ['provider/pp', 'model/fake-model', 'openai']) {
      upstream.setScript([
        {
          kind: 'status',
          status: 429,
          headers: { 'retry-after': '7' },
          body: { error: { message: 'not with sk-very-secret' } },
        },
      ]);
      const reply = await nmp.ask('POST', `${GATEWAY}/${route}/-/v1/chat/completions`, CHAT);
      expect([reply.status, reply.headers.get('retry-after')]).toEqual([429, '7']);
      expect(reply.body.detail).toContain('not with **********');
      expect(reply.text).not.toContain('sk-very-secret');
    }
  });

  it('cuts a stream that the provider cut, so that it does not look whole', async () => {
    const { nmp, upstream } = await served(['fake-model']);
    for (const route of ['provider/pp', 'openai']) {
      upstream.setScript([{ kind: 'reset_mid_body', after: 2 }]);
      const messages = [{ role: 'user', content: '[answer: one two three four five six seven]' }];
      const body = { ...CHAT, messages, stream: true };
      const asked = nmp.ask('POST', `${GATEWAY}/${route}/-/v1/chat/completions`, body);
      await expect(asked).rejects.toThrow();
    }
  });

  it('asks no address that gives out credentials, and none beside those that are allowed', async () => {
    const nmp = await platform();
    for (const host of [
      '169.254.169.254',
      '[::ffff:169.254.169.254]',
      '[fe80::1]',
      'metadata.google.internal',
    ]) {
      await nmp.ask('PUT', `${MODELS}/providers/pp`, { host_url: `http://${host}/latest` });
      const refused = await nmp.ask('GET', `${GATEWAY}/provider/pp/-/meta-data`);
      expect([refused.status, refused.body.detail], host).toEqual([
        502,
        expect.stringContaining('does not ask'),
      ]);
    }
    const strict = await platform({ allowedHosts: ['*.example.com'] });
    const upstream = await provider();
    await strict.ask('PUT', `${MODELS}/providers/pp`, { host_url: upstream.baseUrl });
    expect((await strict.ask('GET', `${GATEWAY}/provider/pp/-/v1/models`)).status).toBe(502);
    expect(upstream.requests).toHaveLength(0);
  });

  it('asks no name that leads to such an address, whatever it led to when it was looked at before', async () => {
    const upstream = await provider({ models: ['fake-model'] });
    const { port } = new URL(upstream.baseUrl);
    const leads = { to: '169.254.169.254' };
    const asked: string[] = [];
    const lookup: LookupFunction = (hostname, options, callback) => {
      asked.push(hostname);
      const address = { address: leads.to, family: leads.to.includes(':') ? 6 : 4 };
      if (options.all === true) callback(null, [address]);
      else callback(null, address.address, address.family);
    };
    const nmp = await platform({ lookup });
    await nmp.ask('PUT', `${MODELS}/providers/pp`, { host_url: `http://model.example:${port}/v1` });
    const ask = () => nmp.ask('GET', `${GATEWAY}/provider/pp/-/v1/models`);
    for (const address of [
      '169.254.169.254',
      '64:ff9b::a9fe:a9fe',
      '::ffff:a9fe:a9fe',
      'fe80::1',
      'fd00:ec2::254',
    ]) {
      leads.to = address;
      const refused = await ask();
      expect([refused.status, refused.body.detail], address).toEqual([
        502,
        expect.stringContaining(`does not ask model.example, which leads to ${address}`),
      ]);
    }
    leads.to = '127.0.0.1';
    expect((await ask()).status).toBe(200);
    expect(new Set(asked)).toEqual(new Set(['model.example']));
    expect(upstream.requests).toHaveLength(0);
  });

  it('goes on to the next provider when a secret is gone, or an address must not be asked', async () => {
    const two = [await provider({ models: ['fake-model'] }), await provider({ models: ['fake-model'] })];
    const nmp = await platform();
    await nmp.ask('POST', SECRETS, { name: 'key', value: 'sk-some-secret' });
    await nmp.addProvider('p1', { host_url: two[0]!.baseUrl, api_key_secret_name: 'key' });
    await nmp.addProvider('p2', { host_url: two[1]!.baseUrl });
    await nmp.ask('DELETE', `${SECRETS}/key`);
    const chat = () => nmp.ask('POST', `${GATEWAY}/openai/-/v1/chat/completions`, CHAT);
    expect((await chat()).status).toBe(200);
    await nmp.ask('DELETE', `${MODELS}/providers/p2`);
    expect((await chat()).status).toBe(424);
  });

  it('asks a provider that keeps failing last, and again after a while', async () => {
    const [bad, good] = [
      await provider({ models: ['fake-model'] }),
      await provider({ models: ['fake-model'] }),
    ];
    let now = Date.now();
    const nmp = await platform({ clock: { ...systemClock, now: () => now } });
    await nmp.addProvider('p1', { host_url: bad.baseUrl });
    await nmp.addProvider('p2', { host_url: good.baseUrl });
    const chat = () => nmp.ask('POST', `${GATEWAY}/openai/-/v1/chat/completions`, CHAT);
    bad.setScript(['status_503', 'status_503', 'status_503', 'status_503']);
    for (let n = 0; n < 6; n += 1) expect((await chat()).status).toBe(200);
    expect(bad.requests).toHaveLength(3);
    now += 11_000;
    await chat();
    expect(bad.requests).toHaveLength(4);
    await chat();
    expect(bad.requests).toHaveLength(4);
  });

  it('puts a request for Responses as Chat to a provider that has none, and remembers', async () => {
    for (const stream of [false, true]) {
      const upstream = await provider({
        models: ['fake-model'],
        faultFor: ({ path }) =>
          path.endsWith('/responses') ? { kind: 'status', status: 404, message: 'Not Found' } : undefined,
      });
      const nmp = await platform();
      await nmp.addProvider('pp', { host_url: upstream.baseUrl });
      const body = { model: 'fake-model', input: '[answer: Yes]', stream };
      const ask = () => nmp.ask('POST', `${GATEWAY}/openai/-/v1/responses`, body);
      for (let n = 0; n < 2; n += 1) {
        const reply = await ask();
        expect([reply.status, reply.text.includes('Yes')], reply.text).toEqual([200, true]);
        expect(reply.text).toContain('"default/fake-model"');
        if (stream) expect(reply.text).toContain('event: response.completed');
      }
      expect(upstream.requests.map(({ path }) => path.split('/').at(-1))).toEqual([
        'responses',
        'completions',
        'completions',
      ]);
    }
  });

  it('keeps every digit of a number in bodies that it makes anew', async () => {
    const big = '{"type":"integer","maximum":9223372036854775807,"minimum":-9223372036854775808}';
    const tools = `[{"type":"function","function":{"name":"look","parameters":{"type":"object","properties":{"at":${big}}}}}]`;
    const text = `{"model":"MODEL","max_tokens":5,"seed":12345678901234567890,"messages":[{"role":"user","content":"12345678901234567890"}],"tools":${tools}}`;
    for (const model of ['fake-model', 'claude-x']) {
      let seen = '';
      const raw = createServer((asked, reply) => {
        let body = '';
        asked.on('data', (bytes: Buffer) => (body += bytes.toString()));
        asked.on('end', () => {
          seen = body;
          reply.writeHead(200, { 'content-type': 'application/json' });
          reply.end(asked.method === 'GET' ? `{"data":[{"id":"${model}"}]}` : '{"choices":[],"content":[]}');
        });
      });
      await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
      ends.push(() => new Promise((resolve) => raw.close(resolve)));
      const nmp = await platform();
      const { port } = raw.address() as AddressInfo;
      await nmp.addProvider('pp', {
        host_url: `http://127.0.0.1:${port}`,
        default_extra_body: { temperature: 1 },
      });
      await nmp.ask('POST', `${GATEWAY}/openai/-/v1/chat/completions`, text.replace('MODEL', model));
      expect(seen, model).toContain(big);
      expect(seen).toContain('"12345678901234567890"');
      if (model === 'fake-model') expect(seen).toContain('"seed":12345678901234567890');
      await nmp.ask('POST', `${GATEWAY}/provider/pp/-/v1/chat/completions`, text);
      expect(seen).toContain(big);
    }
  });
});
