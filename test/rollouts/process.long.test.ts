import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../support/build.js';
import { FULL } from '../support/full.js';
import { CrashSite } from './crash-harness.js';

beforeAll(ensureBuilt, 180_000);

describe('the collector as a process', () => {
  it('stops cleanly when the disk is full, and resumes when there is room', async () => {
    const site = new CrashSite(60, 2);
    await site.open();
    const { program, args, cwd } = site.command();
    // A limit on file sizes stands for the full disk: the same partial writes and the same refusal. Unit: KiB.
    const quoted = [program, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
    const child = spawn('bash', ['-c', `ulimit -f 100; exec ${quoted}`], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    child.stderr.on('data', (bytes: Buffer) => (text += bytes.toString()));
    child.stdout.on('data', (bytes: Buffer) => (text += bytes.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    expect(text).toContain('the file may not grow any further');
    expect(code).toBe(3);
    const stored = readFileSync(site.file('out/r.jsonl'), 'utf8');
    expect(stored.endsWith('\n')).toBe(true);
    const moment = { stored: site.stored(), askedBefore: site.asked.length };
    expect(moment.stored.length).toBeGreaterThan(0);
    expect(moment.stored.length).toBeLessThan(120);
    const { exited, output } = site.start();
    expect([await exited, output()]).toEqual([0, expect.anything()]);
    expect(site.problems([moment])).toEqual([]);
    await site.close();
  }, 120_000);

  it('stops when its output is taken away, and goes on when it is back', async () => {
    const site = new CrashSite(60, 2, { latency: 900 });
    await site.open();
    const { exited, output } = site.start();
    while (site.stored().length < 10) await new Promise((resolve) => setTimeout(resolve, 20));
    renameSync(site.file('out/r.jsonl'), site.file('out/elsewhere.jsonl'));
    expect(await exited).toBe(3);
    expect(output()).toContain('was deleted or replaced while the run wrote to it');
    renameSync(site.file('out/elsewhere.jsonl'), site.file('out/r.jsonl'));
    expect(await site.start().exited).toBe(0);
    expect(site.problems([])).toEqual([]);
    await site.close();
  }, 120_000);

  it('refuses to write to the output of another process that is alive', async () => {
    const site = new CrashSite(30, 2, { latency: 400 });
    await site.open();
    const first = site.start();
    while (site.asked.length < 5) await new Promise((resolve) => setTimeout(resolve, 5));
    const second = site.start();
    expect(await second.exited).toBe(2);
    expect(second.output()).toContain('Another run is writing to this output');
    expect(await first.exited).toBe(0);
    expect(site.problems([])).toEqual([]);
    await site.close();
  }, 120_000);

  it('ends after the last result though the provider keeps its connections open', async () => {
    // The provider would hold idle connections for a minute; the program promises two seconds.
    const site = new CrashSite(20, 1, { latency: 20, keepAliveMs: 60_000 });
    await site.open();
    const { exited } = site.start();
    while (site.asked.length < 20) await new Promise((resolve) => setTimeout(resolve, 2));
    const last = Date.now();
    expect(await exited).toBe(0);
    expect(Date.now() - last).toBeLessThan(20_000);
    await site.close();
  });

  it.skipIf(!FULL || !existsSync('/proc/self/status'))(
    'needs memory for what is in flight, not for what is done',
    async () => {
      const rollouts = 100_000;
      const site = new CrashSite(rollouts / 2, 2, { latency: 50 });
      await site.open();
      const { child, exited, output } = site.start('+num_samples_in_parallel=2000');
      const samples: { share: number; mb: number }[] = [];
      const timer = setInterval(() => {
        const status = existsSync(`/proc/${child.pid}/status`)
          ? readFileSync(`/proc/${child.pid}/status`, 'utf8')
          : '';
        const kb = /VmRSS:\s+(\d+)/.exec(status)?.[1];
        if (kb !== undefined) samples.push({ share: site.asked.length / rollouts, mb: Number(kb) / 1024 });
      }, 50);
      expect([await exited, output()]).toEqual([0, expect.anything()]);
      clearInterval(timer);
      const peak = (from: number, to: number): number =>
        Math.max(...samples.filter(({ share }) => share >= from && share < to).map(({ mb }) => mb));
      const early = peak(0.1, 0.3);
      const late = peak(0.8, 1.01);
      process.stderr.write(`RSS at 10-30 %: ${early.toFixed(0)} MB, at 80-100 %: ${late.toFixed(0)} MB\n`);
      // A short run would still be filling the young heap; this one has to be flat.
      expect(late).toBeLessThan(early * 1.2);
      await site.close();
    },
    3_600_000,
  );
});
