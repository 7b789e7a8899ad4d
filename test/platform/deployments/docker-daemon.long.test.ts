import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { dockerExecutor } from '../../../src/platform/deployments/executors/docker.js';
import { systemClock } from '../../../src/transport/index.js';
import { answers, listener, orderWith, specWith } from './support.js';

const SOCKET = '/var/run/docker.sock';
const missing = existsSync(SOCKET) ? '' : `: no Docker at ${SOCKET}`;

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

describe.skipIf(missing !== '')(`Docker itself${missing}`, () => {
  it('pulls, runs, shows the logs of and removes a container', async () => {
    const executor = dockerExecutor({
      clock: systemClock,
      socket: SOCKET,
      allowed: ['python'],
      ngcKey: () => null,
    });
    undo.push(() => executor.close());
    const told = listener();
    const spec = specWith({
      image: 'python',
      tag: '3-alpine',
      healthPath: '/',
      args: ['python', '-u', '-m', 'http.server', '8000'],
      readyMs: 300_000,
    });
    const order = orderWith(spec, { TOKEN: 'a-secret-of-a-test' });
    const run = executor.start(order, told.tell);
    undo.push(() => run.stop());
    for (let tries = 0; tries < 60 && !told.states.some(({ phase }) => phase !== 'pending'); tries += 1) {
      await systemClock.sleep(5_000);
    }
    const { url = '' } = await told.reach('ready');
    expect((await fetch(url)).status).toBe(200);
    expect((await run.logs(5)).join('\n')).toContain('GET /');
    await run.stop();
    expect(await answers(url)).toBe(false);
  }, 400_000);
});
