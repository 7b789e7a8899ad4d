import { describe, expect, it } from 'vitest';
import { jsonRecord } from '../../src/cli/reporters/index.js';
import { lineDisplay } from '../../src/cli/reporters/lines.js';
import { duration, layout, stuckText, wrap } from '../../src/cli/reporters/format.js';
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
    planning: false,
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
    display.report({
      type: 'start',
      planned: 200,
      alreadyDone: 20,
      owed: 180,
      concurrency: 64,
      files,
      resumed: true,
    });
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

  it('does not count as done what was cancelled and is owed', () => {
    const { written, display } = lines();
    display.report({ type: 'progress', progress: progress(20, 30_000, { cancelled: 180, inFlight: 0 }) });
    expect(written[0]).toMatch(/^20\/200 \(10 %\) · scored 20 /);
  });

  it('does not name an episode that has only just moved', () => {
    const oldest = { episodeId: '3-0', phase: 'receiving', detail: '', idleMs: 900 } as const;
    expect(stuckText(progress(1, 1, { oldest }))).toBe('');
  });
});

const WAITING = {
  name: 'policy_model',
  since: 0,
  reason: 'connection refused',
  url: 'http://127.0.0.1:8000/v1',
  nextTryAt: null,
  text: 'waiting for policy_model since 12:03:07 (connection refused), next try in 8 s',
} as const;

describe('the line of a terminal', () => {
  const large = {
    ...progress(12_345, 70_000, { meanReward: 0.343, failed: 123, inFlight: 1000, etaMs: 3_720_000 }),
    planned: 50_000,
    rolloutsPerSecond: 177,
  };

  it('loses its bar first, then words, and none of rate, ETA and in flight', () => {
    expect(layout(progress(100, 10_000), 139)).toBe(
      `${'█'.repeat(12)}${'░'.repeat(12)} 100/200 · scored 100 · failed 0 · mean reward 0.500 · 10 rollouts/s · in flight 8 · ETA 1m30s`,
    );
    expect(layout(progress(100, 10_000), 105)).toMatch(/^█{5,6}░{5,6} 100\/200 /);
    expect(layout(large, 114)).toBe(
      '12468/50000 · scored 12345 · failed 123 · mean reward 0.343 · 177 rollouts/s · in flight 1000 · ETA 1h02m',
    );
    expect(layout(large, 79)).toBe(
      '12468/50000 · failed 123 · mean 0.343 · 177/s · 1000 in flight · ETA 1h02m',
    );
  });

  it('says what is waited for in place of what does not move', () => {
    const now = { ...large, waiting: WAITING, etaMs: null };
    expect(layout(now, 200)).toContain('ETA waiting · waiting for policy_model since 12:03:07');
    expect(layout(now, 95)).toBe(`12468/50000 · ${WAITING.text}`);
    expect(layout(now, 79)).toBe('12468/50000 · waiting for policy_model since 12:03:07, next try in 8 s');
  });

  it('is never wider than the terminal', () => {
    const oldest = { episodeId: '3-0', phase: 'tool', detail: 'x'.repeat(99), idleMs: 61_000 } as const;
    for (let width = 20; width < 200; width++) {
      for (const now of [large, { ...large, waiting: WAITING }, { ...large, oldest }]) {
        expect(layout(now, width).length).toBeLessThanOrEqual(Math.max(width, 0));
      }
    }
  });
});

describe('wrapped text', () => {
  it('keeps every word and breaks what has no spaces', () => {
    const text = 'warning: policy_model: http://127.0.0.1:27601/v1/chat/completions refuses: nothing there';
    const lines = wrap(text, 30);
    expect(lines.every((line) => line.length <= 30)).toBe(true);
    expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    expect(wrap('a\nb', 30)).toEqual(['a', 'b']);
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
  it('tells when a run waits for something, and when it goes on', () => {
    expect(JSON.parse(jsonRecord({ type: 'waiting', waiting: WAITING, maxSeconds: 1800 })!)).toEqual({
      type: 'waiting',
      name: 'policy_model',
      since: 0,
      reason: 'connection refused',
      url: WAITING.url,
      next_try_at: null,
      text: WAITING.text,
      max_seconds: 1800,
    });
    expect(JSON.parse(jsonRecord({ type: 'resumed', name: 'policy_model', waitedMs: 27_000 })!)).toEqual({
      type: 'resumed',
      name: 'policy_model',
      waited_ms: 27_000,
    });
  });

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
        masked: 0,
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
