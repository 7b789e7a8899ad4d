import { describe, expect, it } from 'vitest';
import { jsonRecord } from '../../src/cli/reporters/index.js';
import { lineDisplay } from '../../src/cli/reporters/lines.js';
import { duration, stuckText } from '../../src/cli/reporters/format.js';
import type { Progress, RunFiles } from '../../src/index.js';

const files: RunFiles = {
  rollouts: '/out/r.jsonl',
  materializedInputs: '/out/r_materialized_inputs.jsonl',
  failures: '/out/r_failures.jsonl',
  aggregateMetrics: '/out/r_aggregate_metrics.json',
  manifest: '/out/r_manifest.json',
};

function progress(scored: number, elapsedMs: number, more: Partial<Progress> = {}): Progress {
  return {
    planned: 200,
    scored,
    failed: 0,
    masked: 0,
    cancelled: 0,
    owed: 200 - scored,
    inFlight: 8,
    meanReward: scored === 0 ? null : 0.5,
    elapsedMs,
    rolloutsPerSecond: scored / Math.max(0.001, elapsedMs / 1000),
    etaMs: 90_000,
    waiting: null,
    oldest: null,
    ...more,
  };
}

function lines(): { written: string[]; display: ReturnType<typeof lineDisplay> } {
  const written: string[] = [];
  return { written, display: lineDisplay({ write: (text) => written.push(text) }) };
}

describe('lines for a log', () => {
  it('opens with what is planned, done before, and where it goes', () => {
    const { written, display } = lines();
    display.report({ type: 'notice', level: 'warn', message: 'a thing' });
    display.report({ type: 'start', planned: 200, alreadyDone: 20, owed: 180, concurrency: 64, files, resumed: true });
    expect(written).toEqual([
      'warning: a thing\n',
      '200 rollouts planned, 20 of them done before, 180 owed; at most 64 at a time; writing /out/r.jsonl\n',
    ]);
  });

  it('writes a line at each 5 %, however often it is told', () => {
    const { written, display } = lines();
    for (let scored = 0; scored <= 200; scored++) {
      display.report({ type: 'progress', progress: progress(scored, scored) });
      display.report({ type: 'progress', progress: progress(scored, scored) });
    }
    expect(written).toHaveLength(20);
    expect(written[0]).toBe(
      '10/200 (5 %) · scored 10 · failed 0 · mean reward 0.500 · 1000 rollouts/s · in flight 8 · ETA 1m30s\n',
    );
    expect(written.at(-1)).toMatch(/^200\/200 \(100 %\) · scored 200 · /);
  });

  it('writes a line each 30 s when little moves, and says what it is waiting for', () => {
    const { written, display } = lines();
    const oldest = {
      episodeId: '3-0',
      phase: 'awaiting_first_byte',
      detail: 'http://host',
      idleMs: 61_000,
    } as const;
    for (let ms = 0; ms <= 95_000; ms += 1000) {
      display.report({ type: 'progress', progress: progress(1, ms, { oldest }) });
    }
    expect(written).toHaveLength(3);
    expect(written[0]).toContain('oldest 3-0 awaiting first byte for 1m01s (http://host)');
  });

  it('does not name an episode that has only just moved', () => {
    const oldest = { episodeId: '3-0', phase: 'receiving', detail: '', idleMs: 900 } as const;
    expect(stuckText(progress(1, 1, { oldest }))).toBe('');
  });
});

describe('duration', () => {
  it('keeps two units', () => {
    expect([400, 7_000, 59_600, 125_000, 3_720_000].map(duration)).toEqual([
      '0s',
      '7s',
      '1m00s',
      '2m05s',
      '1h02m',
    ]);
  });
});

describe('--json records', () => {
  it('has one record at start and one at end, in snake case', () => {
    const start = {
      type: 'start',
      planned: 2,
      alreadyDone: 0,
      owed: 2,
      concurrency: 4,
      files,
      resumed: false,
    } as const;
    expect(JSON.parse(jsonRecord(start)!)).toEqual({
      type: 'start',
      planned: 2,
      already_done: 0,
      owed: 2,
      concurrency: 4,
      files: {
        rollouts: '/out/r.jsonl',
        materialized_inputs: '/out/r_materialized_inputs.jsonl',
        failures: '/out/r_failures.jsonl',
        aggregate_metrics: '/out/r_aggregate_metrics.json',
        manifest: '/out/r_manifest.json',
      },
      resumed: false,
    });
    expect(jsonRecord({ type: 'progress', progress: progress(1, 1) })).toBeUndefined();
    const balance = { planned: 2, scored: 1, failed: 1, masked: 0, cancelled: 0, owed: 0 };
    const agents = [
      {
        agent: 'a',
        planned: 2,
        scored: 1,
        failed: 1,
        coverage: 0.5,
        meanReward: 1,
        passAtK: { '1': 1 },
        tokens: { input: 5, output: null },
        failures: { auth: 1 },
      },
    ];
    const summary = { status: 'incomplete', balance, agents, elapsedMs: 12, files, next: 'again' } as const;
    const end: unknown = JSON.parse(jsonRecord({ type: 'end', summary: { ...summary, agents } }, 3)!);
    expect(end).toMatchObject({
      type: 'end',
      status: 'incomplete',
      exit_code: 3,
      elapsed_ms: 12,
      agents: [{ mean_reward: 1, pass_at_k: { '1': 1 }, tokens: { input: 5, output: null } }],
    });
  });
});
