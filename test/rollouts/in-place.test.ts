import { copyFileSync, existsSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunSummary } from '../../src/rollouts/index.js';
import { reverifyRollouts } from '../../src/rollouts/index.js';
import { start } from '../cli/program.js';
import { FULL } from '../support/full.js';
import { ensureBuilt } from '../support/build.js';
import type { Provider } from '../support/provider/provider.mjs';
import { startProvider } from '../support/provider/provider.mjs';
import { until } from '../support/until.js';
import VERSIONS from '../environments/versions.json' with { type: 'json' };
import { mcqaRows, Workspace } from './workspace.js';

beforeAll(ensureBuilt, 120_000);

interface Stored {
  identity: { code?: Record<string, unknown>; servers: Record<string, unknown> };
  pending_rollouts?: string;
}

/** Of mcqa's verifier, now. */
const { version: NOW } = VERSIONS.mcqa;
const ROWS = 40;
let provider: Provider;
let space: Workspace;

beforeEach(async () => {
  provider = await startProvider();
  space = new Workspace(provider.baseUrl);
  space.writeRows('in.jsonl', mcqaRows(ROWS));
});

afterEach(async () => {
  await provider.close();
  space.remove();
});

const manifest = (): Stored => JSON.parse(space.read('out/r_manifest.json')) as Stored;
const change = (edit: (stored: Stored) => void): void => {
  const stored = manifest();
  edit(stored);
  space.write('out/r_manifest.json', `${JSON.stringify(stored, null, 2)}\n`);
};
/** As if the run had been made by a version whose verifier was another. */
const formerVersion = (): void => change(({ identity }) => (identity.code!['mcqa'] = { version: 0 }));

const inPlace = async (): Promise<RunSummary> =>
  reverifyRollouts(await space.config(), { cwd: space.dir, rollouts: 'out/r.jsonl', inPlace: true });
const failure = (...overrides: string[]): Promise<string> =>
  space.collect(overrides).then(
    () => 'no error',
    (error: unknown) => String(error),
  );
const reverified = (): number => space.rows('out/r.jsonl').filter((row) => '_ng_reverified' in row).length;

describe('a run whose built-in verifier has another version', () => {
  it('is refused with both versions, scored again in place, and then goes on', async () => {
    const rows = mcqaRows(ROWS);
    const stop = new AbortController();
    const running = space.collect(['+num_samples_in_parallel=1'], { signals: { drain: stop.signal } });
    await until(() => space.scored >= 3, running);
    stop.abort();
    await running;
    const done = space.rows('out/r.jsonl').length;
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(rows.length);
    formerVersion();
    const refusal = await failure();
    expect(refusal).toContain(`mcqa: its verifier has another version: 0 → ${NOW}`);
    expect(refusal).toContain('--in-place');
    expect(await failure('+limit=7')).not.toContain('--in-place');
    const { balance, files, next } = await inPlace();
    expect(balance).toMatchObject({ scored: done, owed: 0 });
    expect(files.rollouts).toBe(space.file('out/r.jsonl'));
    expect(next).toContain(`${ROWS - done} rollouts that have no result`);
    expect(reverified()).toBe(done);
    const before = provider.counts().requests;
    const whole = await space.collect();
    expect(whole).toMatchObject({ status: 'complete', balance: { scored: ROWS } });
    expect(provider.counts().requests - before).toBe(ROWS - done);
    expect(readdirSync(space.file('out')).filter((name) => name.includes('reverifying'))).toEqual([]);
  });

  it('keeps none of its scores with if-possible', async () => {
    await space.collect(['+limit=4']);
    formerVersion();
    const before = provider.counts().requests;
    await space.collect(['+limit=4', '+resume_from_cache=if-possible']);
    expect(provider.counts().requests - before).toBe(4);
  });

  it('is taken to have the same where a manifest of before did not say, once and with a word', async () => {
    await space.collect(['+limit=4']);
    change(({ identity }) => delete identity.code);
    const before = provider.counts().requests;
    await space.collect(['+limit=4']);
    expect(provider.counts().requests).toBe(before);
    expect(space.notices().join()).toContain('taking mcqa to be unchanged');
    expect(manifest().identity.code).toEqual({ mcqa: { version: NOW } });
    await space.collect(['+limit=4']);
    expect(space.notices().join()).not.toContain('taking');
  });
});

describe('reverify in place', () => {
  it('refuses what does not go together, and a run of other environments', async () => {
    await space.collect();
    const options = { cwd: space.dir, rollouts: 'out/r.jsonl', inPlace: true };
    const config = await space.config();
    const told = (more: object): Promise<string> =>
      reverifyRollouts(config, { ...options, ...more }).then(String, String);
    expect(await told({ output: 'other.jsonl' })).toContain('with --in-place it is the rollouts file itself');
    expect(await told({ limit: 1, force: true })).toMatch(/in_place and force[\s\S]*in_place and limit/);
    expect(await told({ rollouts: 'none.jsonl' })).toContain('rollouts file');
    change(({ identity: { servers } }) => {
      servers['old'] = servers['mcqa'];
      delete servers['mcqa'];
      const agent = servers['mcqa_simple_agent'] as { resources_server: { name: string } };
      agent.resources_server.name = 'old';
    });
    expect(await told({})).toContain('played with other environments: old → mcqa');
  });

  it('completes, when it is next used, what a killed process had begun', async () => {
    await space.collect();
    formerVersion();
    const before = space.read('out/r.jsonl');
    // Killed after the manifest named the new rewards, and before they took their place.
    space.write('out/draft.jsonl', before.replaceAll('"reward":', '"marked":1,"reward":'));
    change((stored) => {
      stored.identity.code!['mcqa'] = { version: NOW };
      stored.pending_rollouts = 'draft.jsonl';
    });
    await space.collect();
    expect(space.read('out/r.jsonl')).toContain('"marked":1');
    expect(existsSync(space.file('out/draft.jsonl'))).toBe(false);
    expect(manifest().pending_rollouts).toBeUndefined();
    // Killed between their taking place and the manifest's last word.
    change((stored) => (stored.pending_rollouts = 'draft.jsonl'));
    await space.collect();
    expect(manifest().pending_rollouts).toBeUndefined();
  });

  it('killed at any moment, leaves the old rewards under the old identity or the new under the new', async () => {
    await space.collect();
    formerVersion();
    const config = JSON.stringify((await space.config()).values);
    space.write('all.yaml', config);
    const command = ['eval', 'reverify', '--config', 'all.yaml', '--rollouts', 'out/r.jsonl', '--in-place'];
    const version = (): unknown => (manifest().identity.code!['mcqa'] as { version: number }).version;
    const check = (): void => {
      expect(space.keys('out/r.jsonl')).toHaveLength(ROWS);
      if (manifest().pending_rollouts === undefined) expect(reverified()).toBe(version() === NOW ? ROWS : 0);
    };
    const began = performance.now();
    const first = await start(command, { cwd: space.dir }).finished;
    expect(first.stderr).toContain('rewards are those of the verifier as it is now');
    const length = performance.now() - began;
    for (let kill = FULL ? 0 : 4; kill < 6; kill += 1) {
      copyFileSync(space.file('out/r.jsonl.old-1'), space.file('out/r.jsonl'));
      copyFileSync(space.file('out/r_manifest.json.old-1'), space.file('out/r_manifest.json'));
      const program = start(command, { cwd: space.dir });
      // Most of the time is the start of the program; what is of interest lies near the end.
      await sleep(length * (0.5 + 0.1 * kill));
      program.child.kill('SIGKILL');
      await program.finished;
      check();
      const again = await start(command, { cwd: space.dir }).finished;
      expect(again.code).toBe(0);
      check();
      expect(version()).toBe(NOW);
    }
    const before = provider.counts().requests;
    await space.collect();
    expect(provider.counts().requests).toBe(before);
  });
});
