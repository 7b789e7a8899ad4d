import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../support/build.js';
import { FULL } from '../support/full.js';
import { startProvider } from '../support/provider/provider.mjs';
import { CrashSite, randomFrom } from './crash-harness.js';
import { mcqaRows, Workspace } from './workspace.js';

/** In full: 200 kills over runs of 500 rollouts, and every byte of the last two lines. */
const KILLS = FULL ? 200 : 4;
const TASKS = FULL ? 250 : 60;
const REPEATS = 2;
const KILLS_PER_OUTPUT = 10;

beforeAll(ensureBuilt, 180_000);

describe('a collector that is killed', () => {
  it(
    `keeps each rollout exactly once through ${KILLS} kills at random moments`,
    async () => {
      const random = randomFrom(20);
      let kills = 0;
      while (kills < KILLS) {
        const site = new CrashSite(TASKS, REPEATS);
        await site.open();
        const moments = [];
        for (let i = 0; i < KILLS_PER_OUTPUT && kills < KILLS; i += 1) {
          const ahead = (TASKS * REPEATS) / KILLS_PER_OUTPUT;
          // Some die while they start, before anything was asked for.
          const early = random() < 0.15;
          const killed = early
            ? await site.startAndKill(0, Math.floor(random() * 600))
            : await site.startAndKill(1 + Math.floor(random() * ahead * 1.2), Math.floor(random() * 20));
          if (!killed) break;
          kills += 1;
          moments.push({ stored: site.stored(), askedBefore: site.asked.length });
        }
        const { exited, output } = site.start();
        expect([await exited, output()]).toEqual([0, expect.anything()]);
        expect(site.problems(moments)).toEqual([]);
        await site.close();
      }
    },
    FULL ? 3_600_000 : 180_000,
  );

  it(
    'resumes from an output that is cut anywhere in its last two lines',
    async () => {
      const provider = await startProvider();
      const space = new Workspace(provider.baseUrl);
      space.writeRows('in.jsonl', mcqaRows(3));
      await space.collect();
      const whole = readFileSync(space.file('out/r.jsonl'));
      const text = whole.toString();
      const start = text.lastIndexOf('\n', text.lastIndexOf('\n', text.length - 2) - 1) + 1;
      const first = Buffer.byteLength(text.slice(0, start));
      const step = FULL ? 1 : Math.ceil((whole.length - first) / 20);
      for (let cut = first; cut < whole.length; cut += step) {
        writeFileSync(space.file('out/r.jsonl'), whole.subarray(0, cut));
        const lines = whole.subarray(0, cut).toString().split('\n').length - 1;
        const before = provider.counts().requests;
        expect(await space.collect()).toMatchObject({ status: 'complete', balance: { scored: 3 } });
        expect(provider.counts().requests - before).toBe(3 - lines);
        expect(space.keys('out/r.jsonl')).toEqual(['0:0', '1:0', '2:0']);
      }
      await provider.close();
      space.remove();
    },
    FULL ? 3_600_000 : 180_000,
  );
});
