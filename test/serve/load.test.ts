import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import { startEnvironmentServer } from '../../src/serve/environment/index.js';
import { FULL } from '../support/full.js';
import { serveModel, type ServedModel } from './model-support.js';
import { Cleanup, context, cookieOf, counter, post, reply, row } from './support.js';

const CLIENTS = FULL ? 200 : 40;
const SECONDS = FULL ? 20 : 2;

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

type Manner = 'reads' | 'reads slowly' | 'hangs up' | 'hangs up early';
const MANNERS: readonly Manner[] = ['reads', 'reads', 'reads slowly', 'hangs up', 'hangs up early'];

const PATHS = ['/v1/chat/completions', '/v1/responses', '/v1/messages'];
const TEXT = '[answer: one two three four five six seven eight nine ten]';

function bodyFor(path: string): string {
  const messages = [{ role: 'user', content: TEXT }];
  return JSON.stringify({
    stream: true,
    ...(path === '/v1/responses' ? { input: messages } : { messages, max_tokens: 100 }),
  });
}

/** One streamed request in one manner; resolves with what was read, or null after hanging up. */
function ask(url: string, path: string, manner: Manner): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest(url + path, { method: 'POST', agent: false });
    const leave = (): void => {
      asked.on('error', () => undefined);
      asked.destroy();
      resolve(null);
    };
    asked.on('error', (error) => (manner.startsWith('hangs') ? resolve(null) : reject(error)));
    asked.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('error', () => resolve(null));
      response.on('data', (piece: string) => {
        text += piece;
        if (manner === 'hangs up') leave();
        if (manner === 'reads slowly') {
          response.pause();
          setTimeout(() => response.resume(), 5);
        }
      });
      response.on('end', () => resolve(text));
    });
    asked.end(bodyFor(path));
    if (manner === 'hangs up early') setTimeout(leave, 5);
  });
}

describe(`load: ${CLIENTS} streaming clients for ${SECONDS} s`, () => {
  it(
    'loses no answer and leaves no socket, timer or memory behind',
    { timeout: (SECONDS + 60) * 1000 },
    async () => {
      const served = await serveModel(cleanup, 'chat', { tokenDelayMs: 3, keep: 0 });
      const { url } = served;
      const seen = { whole: 0, left: 0, wrong: [] as string[] };
      const work = async (seconds: number): Promise<void> => {
        const end = performance.now() + seconds * 1000;
        await Promise.all(
          Array.from({ length: CLIENTS }, async (_, client) => {
            for (let n = client; performance.now() < end; n++) {
              const text = await ask(url, PATHS[n % PATHS.length]!, MANNERS[n % MANNERS.length]!);
              if (text === null) seen.left += 1;
              else if (/\bten\b/.test(text) && !text.includes('"error":{')) seen.whole += 1;
              else seen.wrong.push(text.slice(-200));
            }
          }),
        );
      };
      // The first second warms everything up: code, pools, buffers.
      await work(1);
      await settled(served);
      const before = used();
      const whole = seen.whole;
      await work(SECONDS);
      await settled(served);
      expect(seen.wrong).toEqual([]);
      expect(seen.whole - whole).toBeGreaterThan(CLIENTS);
      expect(seen.left).toBeGreaterThan(CLIENTS / 4);
      // Thousands of requests later: what one request leaks would show as megabytes.
      expect(used() - before).toBeLessThan(16);
    },
  );

  it('opens and ends sessions without leaving any', { timeout: (SECONDS + 60) * 1000 }, async () => {
    const { environment, sessions } = counter();
    const server = cleanup.add(
      await startEnvironmentServer(
        { environment, host: '127.0.0.1', port: 0, sessionTtlMs: FULL ? 15_000 : 5_000 },
        context(),
      ),
    );
    const end = performance.now() + SECONDS * 1000;
    await Promise.all(
      Array.from({ length: CLIENTS / 4 }, async (_, client) => {
        for (let n = client; performance.now() < end; n++) {
          const jar = cookieOf(await post(`${server.url}/seed_session`, row({ wanted: 2 })));
          await post(`${server.url}/add`, { amount: 2 }, jar);
          if (n % 3 === 0) continue; // Left to its time limit.
          if (n % 3 === 1) await post(`${server.url}/close`, {}, jar);
          else {
            const verdict = await post(
              `${server.url}/verify`,
              { ...row({ wanted: 2 }), response: reply() },
              jar,
            );
            expect(verdict.body.reward).toBe(1);
          }
        }
      }),
    );
    await expect.poll(() => server.sessions(), { timeout: 40_000 }).toBe(0);
    expect(sessions.opened).toBeGreaterThan(CLIENTS / 4);
    expect(sessions.closed).toBe(sessions.opened);
  });
});

async function settled({
  provider,
  connections,
}: Pick<ServedModel, 'provider' | 'connections'>): Promise<void> {
  await expect.poll(() => provider.counts().open, { timeout: 10_000 }).toBe(0);
  await expect.poll(() => connections(), { timeout: 10_000 }).toBe(0);
  await sleep(50);
}

/** Heap in use once everything is collected that can be. Unit: MB. */
function used(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}
