import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Budget, tokensOf } from '../../src/rollouts/run/budget.js';
import type { Provider } from '../support/provider/provider.mjs';
import { startProvider } from '../support/provider/provider.mjs';
import { mcqaRows, Workspace } from './workspace.js';

describe('Budget', () => {
  it('counts what is in flight at the mean, and stops before the limit', () => {
    const budget = new Budget({ costUsd: 10, totalTokens: null });
    expect(budget.decide(7)).toBe('go');
    expect(budget.decide(8)).toBe('wait');
    budget.spend({ costUsd: 3, totalTokens: null });
    expect(budget.decide(1)).toBe('go');
    expect(budget.decide(2)).toBe('wait');
    budget.spend({ costUsd: 3, totalTokens: null });
    expect(budget.decide(0)).toBe('go');
    budget.spend({ costUsd: 3, totalTokens: null });
    expect(budget.decide(1)).toBe('wait');
    expect(budget.decide(0)).toBe('stop');
    expect(budget.describe()).toContain('$9.0000 of max_cost_usd=10');
  });

  it('counts what belongs to no rollout, without taking it for one', () => {
    const budget = new Budget({ costUsd: null, totalTokens: 100 });
    budget.add({ costUsd: null, totalTokens: 30 });
    // Of a rollout nothing is known yet.
    expect([budget.decide(7), budget.decide(8)]).toEqual(['go', 'wait']);
    budget.spend({ costUsd: null, totalTokens: 10 });
    expect([budget.decide(0), budget.decide(1)]).toEqual(['go', 'wait']);
    budget.add({ costUsd: 1, totalTokens: 60 });
    expect(budget.decide(0)).toBe('stop');
    expect(budget.describe()).toContain('100 of max_total_tokens=100');
  });

  it('has no limits when none are given, and counts no unknowns', () => {
    const free = new Budget({ costUsd: null, totalTokens: null });
    free.spend({ costUsd: null, totalTokens: null });
    expect([free.decide(1e6), free.limited, free.unknown]).toEqual(['go', false, 0]);
    const tokens = new Budget({ costUsd: null, totalTokens: 100 });
    tokens.spend({ costUsd: 1, totalTokens: null });
    expect(tokens.unknown).toBe(1);
  });

  it('reads token counts leniently', () => {
    expect(tokensOf({ input_tokens: 5, output_tokens: 2 })).toEqual({
      input: 5,
      output: 2,
      cached: 0,
      total: 7,
    });
    expect(tokensOf({ input_tokens: 5 })).toBeNull();
    expect(tokensOf(null)).toBeNull();
  });
});

describe('a run with a budget', () => {
  let provider: Provider;
  let space: Workspace;

  beforeEach(async () => {
    provider = await startProvider({ latency: { min: 1, max: 10 } });
    space = new Workspace(provider.baseUrl);
    space.writeRows('in.jsonl', mcqaRows(100));
  });

  afterEach(async () => {
    await provider.close();
    space.remove();
  });

  const used = (): number =>
    space
      .rows('out/r.jsonl')
      .reduce(
        (sum, row) => sum + (row['response'] as { usage: { total_tokens: number } }).usage.total_tokens,
        0,
      );

  it('is not said to be stopped when the limit is reached with all that was planned', async () => {
    const summary = await space.collect(['+max_total_tokens=10', '+limit=4', '+num_samples_in_parallel=4']);
    expect(summary).toMatchObject({ status: 'complete', balance: { scored: 4 } });
    expect(used()).toBeGreaterThanOrEqual(10);
    expect(summary.stopped).toBeUndefined();
  });

  it('ends dispatch at the token limit, says so, and goes on with a higher one', async () => {
    const summary = await space.collect(['+max_total_tokens=300', '+num_samples_in_parallel=50']);
    expect(summary.status).toBe('incomplete');
    expect(summary.stopped).toMatch(/^the budget is spent \(\d+ of max_total_tokens=300\)$/);
    expect(summary.next).toContain('Raise the limit');
    expect(summary.balance.owed).toBeGreaterThan(0);
    expect(summary.balance.scored + summary.balance.owed).toBe(100);
    expect(used()).toBeLessThanOrEqual(300);
    expect(used()).toBeGreaterThan(150);
    const before = summary.balance.scored;
    const more = await space.collect(['+max_total_tokens=600']);
    expect(more.balance.scored).toBeGreaterThan(before);
    expect(used()).toBeLessThanOrEqual(600);
    expect(await space.collect()).toMatchObject({ status: 'complete', balance: { scored: 100 } });
  });

  it('keeps a limit in dollars with a configured price, and writes the cost into rows and summary', async () => {
    const price = '+prices={fake-model:{input:1000,output:1000}}';
    const summary = await space.collect([price, '+max_cost_usd=0.2']);
    expect(summary.status).toBe('incomplete');
    const rows = space.rows('out/r.jsonl');
    const costs = rows.map((row) => (row['_ng_run'] as { cost_usd: number }).cost_usd);
    const total = costs.reduce((sum, cost) => sum + cost, 0);
    expect(total).toBeLessThanOrEqual(0.2);
    expect(total).toBeCloseTo(used() / 1000, 9);
    expect(summary.agents[0]!.costUsd).toBeCloseTo(total, 9);
  });

  it('refuses a limit in dollars when a price is unknown, before anything is sent', async () => {
    await expect(space.collect(['+max_cost_usd=1'])).rejects.toThrow(
      'the price of "fake-model" is not known',
    );
    expect(provider.counts().requests).toBe(0);
    const summary = await space.collect(['+limit=1']);
    expect(summary.agents[0]!.costUsd).toBeNull();
  });

  it('ends dispatch when its time is up', async () => {
    await provider.close();
    provider = await startProvider({ latency: 150 });
    const model = 'policy_model.responses_api_models.inference_provider';
    const summary = await space.collect([
      '+max_wall_time=1s',
      '+num_samples_in_parallel=2',
      `++${model}.base_url="${provider.baseUrl}"`,
    ]);
    expect(summary).toMatchObject({ status: 'incomplete', stopped: 'the time is up (max_wall_time=1 s)' });
    expect(summary.balance.owed).toBeGreaterThan(0);
    expect(summary.balance.cancelled).toBe(0);
  });
});
