import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ProcessSpec, Supervised } from '../../src/processes/index.js';
import { backOff, freePorts, httpProbe, isPortBusy, supervise } from '../../src/processes/index.js';
import { systemClock } from '../../src/transport/index.js';
import { ensureBuilt } from '../support/build.js';

const CHILDREN = path.join(import.meta.dirname, 'children.mjs');

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

function folder(): string {
  const made = realpathSync(mkdtempSync(path.join(tmpdir(), 'ngym-processes-')));
  undo.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** A child in one of the roles of `children.mjs`, in a folder of its own. */
async function start(role: string, over: Partial<ProcessSpec> = {}) {
  const cwd = folder();
  const [port] = (await freePorts('127.0.0.1', 1)) as [number];
  const url = `http://127.0.0.1:${port}`;
  const note = path.join(cwd, 'note');
  const told: string[] = [];
  const log = path.join(cwd, 'child.log');
  const child: Supervised = supervise({
    name: 'the child',
    command: process.execPath,
    args: [CHILDREN, role, note],
    cwd,
    env: { PATH: process.env['PATH'], PORT: String(port), WORD: 'xyzzy' },
    log: { file: log, clean: (line) => line.replaceAll('xyzzy', '****') },
    ready: httpProbe(url),
    readyMs: 20_000,
    graceMs: 10_000,
    hint: 'Install what is missing.',
    time: systemClock,
    notify: ({ message }) => told.push(message),
    restart: { firstMs: 20 },
    ...over,
  });
  undo.push(() => child.stop(0));
  const ask = async (route = '/') =>
    (await (await fetch(url + route)).json()) as { pid: number; cwd: string; word: string };
  return { child, ask, cwd, url, note, log, told };
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries > 300) throw new Error('it never came to that');
    await systemClock.sleep(50);
  }
}

const pids = (note: string): number[] => readFileSync(note, 'utf8').trim().split(/\s+/).map(Number);

describe('a supervised process', () => {
  it('runs in its folder with its environment, is ready when it answers, and finishes when it is stopped', async () => {
    const { child, ask, cwd, note, log } = await start('serve');
    await child.ready;
    expect(child.state).toBe('ready');
    expect(await ask()).toEqual({ pid: child.pid, cwd, word: 'xyzzy' });
    const { pid } = child;
    await child.stop();
    expect(readFileSync(note, 'utf8')).toBe('drained');
    expect(alive(pid!)).toBe(false);
    expect(child.state).toBe('stopped');
    const lines = readFileSync(log, 'utf8');
    expect(lines).toContain('serving; the token is ****\n');
    expect(lines).not.toContain('xyzzy');
  });

  it('is killed with all that it started when it does not heed SIGTERM', async () => {
    const { child, note } = await start('stubborn', { graceMs: 300 });
    await child.ready;
    const both = pids(note);
    expect(both.map(alive)).toEqual([true, true]);
    await child.stop();
    await until(() => !both.some(alive));
  });

  it('that does not get ready in time is killed, and its last lines are told', async () => {
    const { child, log } = await start('mute', { readyMs: 800 });
    const error = await child.ready.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'PROCESS_NOT_READY', hint: 'Install what is missing.' });
    expect(String(error)).toContain('"the child" was started and did not get ready within 0.8 s.');
    expect(String(error)).toContain('| looking for a model that is not there');
    expect(String(error)).toContain(log);
    expect(alive(child.pid!)).toBe(false);
  });

  it('that ends before it is ready is not started again, and its last lines are told', async () => {
    const { child, told } = await start('fail');
    await expect(child.ready).rejects.toMatchObject({
      code: 'PROCESS_ENDED',
      message: expect.stringMatching(
        /ended before it was ready \(exit code 7\)[^]*\| ModuleNotFoundError: No module named 'left_pad'/,
      ) as string,
    });
    expect(child.restarts).toBe(0);
    expect(told).toEqual([]);
  });

  it('whose program is not there says so', async () => {
    const { child } = await start('serve', { command: '/nowhere/python3' });
    await expect(child.ready).rejects.toMatchObject({ code: 'PROCESS_ENDED' });
    expect(child.tail().join('\n')).toContain('/nowhere/python3');
  });

  it('is started again when it dies, on the same port, and its user is told', async () => {
    const { child, ask, told } = await start('serve');
    await child.ready;
    const first = (await ask()).pid;
    await ask('/die').catch(() => undefined);
    await until(() => child.restarts === 1 && child.state === 'ready');
    expect((await ask()).pid).not.toBe(first);
    expect(told[0]).toMatch(/^"the child" ended \(exit code 3\); it is started again in 0.02 s; its log: /);
    await until(() => told.length === 2);
    expect(told[1]).toBe('"the child" runs again');
  });

  it('takes what it had started with it when it dies', async () => {
    const { child, note } = await start('stubborn');
    await child.ready;
    const [leader, grandchild] = pids(note) as [number, number];
    process.kill(leader, 'SIGKILL');
    await until(() => child.restarts === 1 && child.state === 'ready');
    await until(() => !alive(grandchild));
  });

  it('is left for dead when it dies again and again', async () => {
    const { child, ask, told } = await start('serve', { restart: { firstMs: 1, most: 2 } });
    await child.ready;
    for (const restarts of [1, 2]) {
      await ask('/die').catch(() => undefined);
      await until(() => child.restarts === restarts && child.state === 'ready');
    }
    await ask('/die').catch(() => undefined);
    await until(() => child.state === 'dead');
    expect(told.at(-1)).toMatch(/ended 3 times in a row \(exit code 3\) and is left for dead/);
  });

  it('waits longer each time', () => {
    expect([1, 2, 3, 4, 9].map((lives) => backOff(lives))).toEqual([500, 1_000, 2_000, 4_000, 30_000]);
  });
});

describe('whoever started it', () => {
  beforeAll(ensureBuilt, 180_000);

  it('takes it along when it is killed', async () => {
    const note = path.join(folder(), 'note');
    const [port] = (await freePorts('127.0.0.1', 1)) as [number];
    const holder = spawn(
      process.execPath,
      [path.join(import.meta.dirname, 'holder.mjs'), String(port), note],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    undo.push(() => holder.kill('SIGKILL'));
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    const both = pids(note);
    expect(both.map(alive)).toEqual([true, true]);
    holder.kill('SIGKILL');
    await until(() => !both.some(alive));
  });
});

describe('ports', () => {
  it('are different and free, and a busy one is known', async () => {
    const ports = await freePorts('127.0.0.1', 8);
    expect(new Set(ports).size).toBe(8);
    expect(await isPortBusy('127.0.0.1', ports[0]!)).toBe(false);
    const { child, url } = await start('serve');
    await child.ready;
    expect(await isPortBusy('127.0.0.1', Number(new URL(url).port))).toBe(true);
  });
});
