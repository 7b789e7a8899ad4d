import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FULL } from '../support/full.js';
import type { Provider } from '../support/provider/provider.mjs';
import { startProvider } from '../support/provider/provider.mjs';
import { mcqaRows, Workspace } from './workspace.js';

const ROWS = FULL ? 2000 : 400;

let provider: Provider;
let space: Workspace;

beforeEach(async () => {
  provider = await startProvider({
    seed: 7,
    latency: { min: 1, max: 20 },
    rates: { status_500: 0.05, reset: 0.02, garbage: 0.01 },
    keep: 0,
  });
  space = new Workspace(provider.baseUrl);
});

afterEach(async () => {
  await provider.close();
  space.remove();
});

describe('a provider that answers 5 % errors, 2 % resets and 1 % garbage', () => {
  it('costs no rollout: scored and failed are what was planned, each exactly once', async () => {
    space.writeRows('in.jsonl', mcqaRows(ROWS));
    const summary = await space.collect(['+num_samples_in_parallel=200']);
    const { scored, failed, planned, owed, cancelled } = summary.balance;
    expect({ planned, owed, cancelled, sum: scored + failed }).toEqual({
      planned: ROWS,
      owed: 0,
      cancelled: 0,
      sum: ROWS,
    });
    const keys = [...space.keys('out/r.jsonl'), ...space.keys('out/r_failures.jsonl')];
    expect(keys).toHaveLength(ROWS);
    expect(new Set(keys).size).toBe(ROWS);
    const counts = provider.counts();
    expect(counts.faults['status']).toBeGreaterThan(0);
    expect(counts.faults['reset']).toBeGreaterThan(0);
    expect(counts.faults['garbage']).toBeGreaterThan(0);
    // No failure becomes a reward: every stored reward is that of the row's own answer.
    for (const row of space.rows('out/r.jsonl')) {
      expect(row['reward']).toBe((row['_ng_task_index'] as number) % 2 === 0 ? 1 : 0);
    }
  });
});
