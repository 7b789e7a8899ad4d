import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Provider, ProviderOptions } from '../support/provider/provider.mjs';
import { startProvider } from '../support/provider/provider.mjs';

const open: Provider[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((provider) => provider.close()));
});

async function provider(options: ProviderOptions = {}): Promise<Provider> {
  const started = await startProvider(options);
  open.push(started);
  return started;
}

async function statuses({ baseUrl }: { baseUrl: string }, prompts: string[]): Promise<(number | string)[]> {
  return Promise.all(
    prompts.map(async (content) => {
      try {
        const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content }] });
        const reply = await fetch(`${baseUrl}/chat/completions`, { method: 'POST', body });
        await reply.text();
        return reply.status;
      } catch {
        return 'reset';
      }
    }),
  );
}

describe('the misbehaving provider', () => {
  it('meets a request with the same fate in every run, whatever the order', async () => {
    const rates = { status_500: 0.2, reset: 0.1, garbage: 0.1 };
    const prompts = Array.from({ length: 60 }, (_, i) => `prompt ${i}`);
    const first = await statuses(await provider({ rates, seed: 3 }), prompts);
    const second = await statuses(await provider({ rates, seed: 3 }), [...prompts].reverse());
    expect(second.reverse()).toEqual(first);
    expect(await statuses(await provider({ rates, seed: 4 }), prompts)).not.toEqual(first);
    expect(new Set(first)).toEqual(new Set([200, 500, 'reset']));
  });

  it('refuses above a number of requests at a time or in a window', async () => {
    const narrow = await provider({ limits: { concurrent: 2 }, latency: 50 });
    expect((await statuses(narrow, ['a', 'b', 'c', 'd'])).sort()).toEqual([200, 200, 429, 429]);
    const slow = await provider({ limits: { requests: 3, windowMs: 60_000 } });
    expect((await statuses(slow, ['a', 'b', 'c', 'd', 'e'])).filter((status) => status === 200)).toHaveLength(
      3,
    );
  });

  it('makes tool calls in turn and then answers', async () => {
    const { baseUrl } = await provider();
    const ask = async (messages: object[]): Promise<Record<string, unknown>> => {
      const body = JSON.stringify({ model: 'm', messages });
      const reply = (await (await fetch(`${baseUrl}/chat/completions`, { method: 'POST', body })).json()) as {
        choices: [{ message: Record<string, unknown> }];
      };
      return reply.choices[0].message;
    };
    const prompt = { role: 'user', content: '[tools: a {} | b {"n":1}] [tool: c {}] [answer: done]' };
    const first = await ask([prompt]);
    expect(first['tool_calls']).toMatchObject([{ function: { name: 'a' } }, { function: { name: 'b' } }]);
    const results = [
      { role: 'tool', content: '1' },
      { role: 'tool', content: '2' },
    ];
    const second = await ask([prompt, { role: 'assistant', ...first }, ...results]);
    expect(second['tool_calls']).toMatchObject([{ function: { name: 'c' } }]);
    const third = await ask([prompt, first, ...results, { role: 'assistant', ...second }, results[0]!]);
    expect(third['content']).toBe('done');
  });

  it('runs by hand under plain Node and counts what it saw', async () => {
    const program = path.resolve(import.meta.dirname, '../support/provider/cli.mjs');
    const child = spawn(process.execPath, [program, '--fault', 'status_500=1', '--api-key', 'secret']);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { url, base_url } = JSON.parse(line.toString()) as { url: string; base_url: string };
    const reply = await fetch(`${base_url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer secret' },
      body: '{"model":"m","messages":[]}',
    });
    expect(reply.status).toBe(500);
    expect(await statuses({ baseUrl: base_url }, ['no key'])).toEqual([401]);
    const stats = (await (await fetch(`${url}/_stats`)).json()) as { requests: number };
    expect(stats.requests).toBe(1);
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
  });
});
