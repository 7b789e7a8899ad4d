import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { request, type ClientRequest } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { run, start, workspace } from '../cli/program.js';
import { ensureBuilt } from '../support/build.js';
import { startProvider } from '../support/provider/provider.mjs';
import { GATEWAY, until } from './support.js';

beforeAll(ensureBuilt);
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const CLIENTS = 1_000;
const ROUNDS = 6;

function sockets(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).filter((fd) => {
    try {
      return readlinkSync(`${folder}/${fd}`).startsWith('socket:');
    } catch {
      return false;
    }
  }).length;
}

/** Unit: kB. */
const resident = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);

/** Waits until a count has come down. */
async function settled(count: () => number, to: number): Promise<void> {
  for (let tries = 0; tries < 300 && count() > to; tries += 1) await pause(100);
  expect(count()).toBeLessThanOrEqual(to);
}

it.skipIf(process.platform !== 'linux')(
  '1,000 clients that hang up, again and again, leave neither sockets nor memory behind',
  async () => {
    const provider = await startProvider({ models: ['fake-model'], tokenDelayMs: 200, keep: 0 });
    ends.push(() => provider.close());
    const here = workspace();
    ends.push(here.remove);
    const platform = start(['platform', 'start', '--port', '0'], { cwd: here.cwd });
    ends.push(() => platform.child.kill('SIGKILL'));
    let said = '';
    platform.child.stderr!.on('data', (text: string) => (said += text));
    await platform.said('Ctrl-C stops');
    const url = /NMP_BASE_URL=(\S+);/.exec(said)![1]!;
    const env = { NMP_BASE_URL: url };
    await run(['inference', 'providers', 'create', 'pp', '--host-url', provider.baseUrl], {
      cwd: here.cwd,
      env,
    });
    await until(async () => (await fetch(`${url}${GATEWAY}/virtual-models/fake-model`)).ok);
    const pid = platform.child.pid!;
    const atRest = sockets(pid);

    const content = `[answer: ${'word '.repeat(100)}]`;
    const body = JSON.stringify({ model: 'fake-model', stream: true, messages: [{ role: 'user', content }] });
    const open = (index: number): Promise<ClientRequest> =>
      new Promise((resolve) => {
        const route = ['openai', 'model/fake-model', 'provider/pp'][index % 3]!;
        const asked = request(`${url}${GATEWAY}/${route}/-/v1/chat/completions`, {
          method: 'POST',
          agent: false,
          headers: { 'content-type': 'application/json' },
        });
        asked.on('error', () => resolve(asked));
        // A third hangs up before the reply begins, a third in the middle of it.
        if (index % 3 === 0) asked.on('socket', () => resolve(asked));
        else asked.on('response', (reply) => reply.once('data', () => resolve(asked)));
        asked.end(body);
      });
    const memory: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const asked = await Promise.all(Array.from({ length: CLIENTS }, (_, index) => open(index)));
      for (const each of asked) each.destroy();
      await settled(() => provider.counts().open, 0);
      // Connections to the provider that are idle may stay for a while; those of clients may not.
      await settled(() => sockets(pid), atRest + 8);
      memory.push(resident(pid));
    }
    // The first rounds fill pools and caches; what leaks grows with every one.
    const [early, late] = [Math.max(...memory.slice(0, 3)), Math.min(...memory.slice(-2))];
    expect(late, memory.join(' ')).toBeLessThan(1.15 * early);
    const still = await fetch(`${url}${GATEWAY}/provider/pp/ready`);
    expect(still.status).toBe(200);
  },
  240_000,
);
