import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Provider } from '../support/provider/provider.mjs';
import { startProvider } from '../support/provider/provider.mjs';
import { mcqaRows, Workspace } from './workspace.js';

let provider: Provider;
let space: Workspace;

beforeEach(async () => {
  provider = await startProvider();
  space = new Workspace(provider.baseUrl);
});

afterEach(async () => {
  await provider.close();
  space.remove();
});

/** Runs and tells how many requests that took. */
async function requests(...overrides: string[]): Promise<number> {
  const before = provider.counts().requests;
  const summary = await space.collect(overrides);
  expect(summary.status).toBe('complete');
  return provider.counts().requests - before;
}

const MODEL = '++policy_model.responses_api_models.inference_provider.model';
const REUSE = '+resume_from_cache=if-possible';

describe('resume_from_cache=if-possible', () => {
  it('runs exactly the rows that changed, whatever their place, and keeps each result with its row', async () => {
    const rows = mcqaRows(20);
    space.writeRows('in.jsonl', rows);
    expect(await requests('+num_repeats=2')).toBe(40);
    const changed = [...rows].reverse();
    for (const i of [0, 7, 13]) changed[i] = { ...changed[i], note: 'edited' };
    space.writeRows('in.jsonl', changed);
    expect(await requests('+num_repeats=2', REUSE)).toBe(6);
    expect(space.notices().join()).toContain('kept 34 of its results that still fit');
    expect(new Set(space.keys('out/r.jsonl')).size).toBe(40);
    const prompts = space.rows('out/r_materialized_inputs.jsonl');
    for (const row of space.rows('out/r.jsonl')) {
      const planned = prompts.find(
        (one) =>
          one['_ng_task_index'] === row['_ng_task_index'] &&
          one['_ng_rollout_index'] === row['_ng_rollout_index'],
      );
      const input = (value: unknown): unknown =>
        (value as { responses_create_params: { input: [{ content: string }] } }).responses_create_params
          .input[0].content;
      expect(input(row)).toBe(input(planned));
    }
    expect(space.rows('out/r.jsonl.old-1')).toHaveLength(40);
    expect(await requests('+num_repeats=2')).toBe(0);
  });

  it('keeps what is there when there are more rows or repeats', async () => {
    space.writeRows('in.jsonl', mcqaRows(6));
    expect(await requests('+limit=4')).toBe(4);
    expect(await requests('+limit=6', '+num_repeats=3', REUSE)).toBe(14);
  });

  it('keeps nothing when the model is another, and everything when only another server changed', async () => {
    space.writeRows('in.jsonl', mcqaRows(3));
    await requests();
    expect(await requests(`${MODEL}=other`, REUSE)).toBe(3);
    const unrelated = '++other_env={resources_servers:{mcqa:{entrypoint:app.py,domain:knowledge}}}';
    expect(await requests(`${MODEL}=other`, unrelated)).toBe(0);
  });

  it('is an ordinary start or resume where nothing differs', async () => {
    space.writeRows('in.jsonl', mcqaRows(2));
    expect(await requests(REUSE)).toBe(2);
    expect(await requests(REUSE)).toBe(0);
  });
});
