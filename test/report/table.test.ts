import { describe, expect, it } from 'vitest';
import { renderSummary } from '../../src/report/index.js';
import type { RunSummary } from '../../src/rollouts/index.js';

const complete: RunSummary = {
  status: 'complete',
  balance: { planned: 20, scored: 20, failed: 0, masked: 0, cancelled: 0, owed: 0 },
  agents: [
    {
      agent: 'mcqa_simple_agent',
      planned: 20,
      scored: 20,
      failed: 0,
      masked: 0,
      coverage: 1,
      meanReward: 0.6,
      passAtK: { 1: 0.6, 2: 0.75, 3: 0.8, 4: 0.9 },
      tokens: { input: 12345, output: 678 },
      failures: {},
    },
  ],
  elapsedMs: 3240,
  files: {
    rollouts: '/home/me/results/r.jsonl',
    materializedInputs: '/home/me/results/r_materialized_inputs.jsonl',
    failures: '/home/me/results/r_failures.jsonl',
    aggregateMetrics: '/home/me/results/r_aggregate_metrics.json',
    manifest: '/home/me/results/r_manifest.json',
  },
  next: 'ng eval report results/r.jsonl',
};

const incomplete: RunSummary = {
  ...complete,
  status: 'incomplete',
  balance: { planned: 2000, scored: 1999, failed: 1, masked: 0, cancelled: 0, owed: 0 },
  agents: [
    {
      ...complete.agents[0]!,
      planned: 2000,
      scored: 1999,
      failed: 1,
      coverage: 0.9995,
      meanReward: 0.5,
      passAtK: {},
      failures: { timeout_idle: 1 },
    },
    {
      agent: 'weather',
      planned: 3,
      scored: 0,
      failed: 3,
      masked: 0,
      coverage: 0,
      meanReward: null,
      passAtK: {},
      tokens: { input: null, output: null },
      failures: { rate_limited: 2, timeout_idle: 1 },
    },
  ],
  elapsedMs: 3_725_000,
};

describe('renderSummary', () => {
  it('shows a complete run', () => {
    expect(renderSummary(complete, { width: 120, color: false, cwd: '/home/me' })).toBe(
      `Complete in 3.2 s: 20 rollouts planned = 20 scored

agent              planned  scored  failed  coverage  mean reward  pass@1  pass@2  pass@4  tokens in  tokens out
mcqa_simple_agent       20      20       0    100.0%       0.6000   60.0%   75.0%   90.0%     12,345         678

Files
  rollouts  results/r.jsonl
  metrics   results/r_aggregate_metrics.json
  inputs    results/r_materialized_inputs.jsonl
  manifest  results/r_manifest.json

Next  ng eval report results/r.jsonl
`,
    );
  });

  it('never rounds a missing rollout away and shows no mean where nothing was scored', () => {
    expect(renderSummary(incomplete, { width: 120, color: false })).toBe(
      `Incomplete in 1h 2m 5s: 2,000 rollouts planned = 1,999 scored + 1 failed

agent              planned  scored  failed  coverage  mean reward  tokens in  tokens out
mcqa_simple_agent    2,000   1,999       1     99.9%       0.5000     12,345         678
weather                  3       0       3      0.0%            –          –           –

Failures
  rate_limited  2
  timeout_idle  2

Files
  rollouts  /home/me/results/r.jsonl
  failures  /home/me/results/r_failures.jsonl
  metrics   /home/me/results/r_aggregate_metrics.json
  inputs    /home/me/results/r_materialized_inputs.jsonl
  manifest  /home/me/results/r_manifest.json

Next  ng eval report results/r.jsonl
`,
    );
  });

  it('says where mean reward and pass@k weigh tasks differently', () => {
    const agent = { ...complete.agents[0]!, meanOverTasks: 0.55 };
    const words = 'Mean over tasks: mcqa_simple_agent 0.5500.';
    expect(renderSummary({ ...complete, agents: [agent] }, { width: 120, color: false })).toContain(words);
    const same = { ...agent, meanOverTasks: 0.6 };
    expect(renderSummary({ ...complete, agents: [same] }, { width: 120, color: false })).not.toContain(
      'Mean over tasks',
    );
  });

  it('shows the cost where it is known and why a run stopped', () => {
    const agent = complete.agents[0]!;
    const text = renderSummary(
      {
        ...complete,
        agents: [
          { ...agent, costUsd: 0.0123 },
          { ...agent, agent: 'weather', costUsd: null },
        ],
        stopped: 'max_cost_usd of $0.01 is reached',
      },
      { width: 140, color: false, cwd: '/home/me' },
    );
    const lines = text.split('\n');
    expect(lines[1]).toBe('Stopped: max_cost_usd of $0.01 is reached');
    expect(lines.slice(3, 6).map((line) => line.slice(-8))).toEqual(['    cost', ' $0.0123', ' unknown']);
  });

  it('becomes one block per agent on a narrow terminal', () => {
    const text = renderSummary(complete, { width: 60, color: false, cwd: '/home/me' });
    expect(text).toContain(`mcqa_simple_agent
  planned      20
  scored       20
  failed       0
  coverage     100.0%
  mean reward  0.6000
  pass@1       60.0%`);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
  });

  it('colours without changing the words', () => {
    const colored = renderSummary(incomplete, { width: 120, color: true });
    const escape = String.fromCharCode(27);
    expect(colored).toContain(`${escape}[33m`);
    expect(colored.replaceAll(new RegExp(`${escape}\\[\\d+m`, 'g'), '')).toBe(
      renderSummary(incomplete, { width: 120, color: false }),
    );
  });
});
