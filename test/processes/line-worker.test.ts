import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { startLineWorker } from '../../src/processes/index.js';
import type { LineWorker } from '../../src/processes/index.js';

/** A program of the shell; what it prints and how it ends. */
function start(script: string): { worker: LineWorker; lines: string[]; ended: Promise<string> } {
  const lines: string[] = [];
  let worker!: LineWorker;
  const ended = new Promise<string>((resolve) => {
    worker = startLineWorker({
      command: '/bin/sh',
      args: ['-c', script],
      env: process.env,
      onLine: (line) => void lines.push(line),
      onEnd: resolve,
    });
  });
  return { worker, lines, ended };
}

const ECHO = 'while read -r line; do echo "got $line"; [ "$line" = end ] && exit 3; done';

describe('a program that is asked by lines', () => {
  it('answers each line, and says how it ended after its last one', async () => {
    const { worker, lines, ended } = start(ECHO);
    for (const line of ['one', 'two', 'end']) worker.send(line);
    expect(await ended).toBe('exit code 3');
    expect(lines).toEqual(['got one', 'got two', 'got end']);
  });

  it('tells its last error', async () => {
    const { ended } = start('echo first >&2; echo "what was wrong" >&2; exit 1');
    expect(await ended).toBe('exit code 1: what was wrong');
  });

  it('ends when it is stopped, with what it started', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'ngym-lines-'));
    const file = path.join(folder, 'beats');
    const { worker, ended } = start(`while :; do echo x >> ${file}; sleep 0.02; done & wait`);
    const size = (): number => (existsSync(file) ? statSync(file).size : 0);
    await expect.poll(size).toBeGreaterThan(4);
    worker.stop();
    expect(await ended).toBe('signal SIGKILL');
    const last = size();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(size()).toBeLessThanOrEqual(last + 2);
    rmSync(folder, { recursive: true });
  });

  it('says why it could not be started', async () => {
    const ended = new Promise<string>((resolve) => {
      startLineWorker({
        command: '/nowhere/at/all',
        args: [],
        env: process.env,
        onLine: () => undefined,
        onEnd: resolve,
      });
    });
    expect(await ended).toMatch(/exit code 12[67].*not found/);
  });
});
