import { afterEach, describe, expect, it } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { startServer } from '../../src/serve/server.js';
import { Cleanup, context, post } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

/** A server with one request that takes `ms`, or until it is told to stop. */
async function slow(ms: number) {
  const seen = { aborted: false, closed: 0 };
  const server = await startServer(
    {
      name: 'slow',
      title: 'slow',
      host: '127.0.0.1',
      port: 0,
      routes: [
        {
          method: 'POST',
          path: '/work',
          summary: 'works',
          async handle({ signal }) {
            try {
              await sleep(ms, undefined, { signal });
            } catch {
              seen.aborted = true;
            }
            return { status: 200, body: '"done"' };
          },
        },
      ],
      onClose: () => {
        seen.closed += 1;
        return Promise.resolve();
      },
    },
    context(),
  );
  cleanup.add(server);
  return { server, seen };
}

describe('shutdown', () => {
  it('finishes what is in flight and refuses what is new', async () => {
    const { server, seen } = await slow(150);
    const working = post(`${server.url}/work`, {});
    await sleep(50);
    const closing = server.close(5_000);
    await expect(post(`${server.url}/work`, {})).rejects.toThrow();
    expect((await working).body).toBe('done');
    await closing;
    expect(seen).toEqual({ aborted: false, closed: 1 });
    await expect.poll(() => server.connections()).toBe(0);
  });

  it('tells work to stop when the time is up, and lets it say so', async () => {
    const { server, seen } = await slow(60_000);
    const working = post(`${server.url}/work`, {});
    await sleep(50);
    await server.close(20);
    expect((await working).body).toBe('done');
    expect(seen).toEqual({ aborted: true, closed: 1 });
  });

  it('takes the shorter time when it is asked twice', async () => {
    const { server, seen } = await slow(60_000);
    const working = post(`${server.url}/work`, {});
    await sleep(50);
    const ends = [server.close(60_000), server.close(0)];
    await Promise.all(ends);
    expect((await working).body).toBe('done');
    expect(seen.closed).toBe(1);
  });

  it('tells a handler when its client hangs up', async () => {
    const { server, seen } = await slow(60_000);
    const controller = new AbortController();
    const asked = fetch(`${server.url}/work`, { method: 'POST', signal: controller.signal });
    await sleep(50);
    controller.abort();
    await expect(asked).rejects.toThrow();
    await expect.poll(() => seen.aborted, { interval: 5 }).toBe(true);
  });
});
