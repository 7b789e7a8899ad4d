import { describe, expect, it } from 'vitest';
import type { RunStatus } from '../../src/rollouts/index.js';
import { describeStatus } from '../../src/rollouts/index.js';

function status(flights: number, more: Partial<RunStatus> = {}): RunStatus {
  const balance = {
    planned: 2000,
    scored: 100,
    failed: 7,
    masked: 0,
    cancelled: 0,
    owed: 2000 - 107 - flights,
  };
  return {
    state: 'running',
    output: '/out/r.jsonl',
    pid: 4711,
    updatedAt: 100_000,
    balance,
    progress: {
      ...balance,
      inFlight: flights,
      meanReward: 0.512,
      elapsedMs: 10_000,
      rolloutsPerSecond: 12.3,
      etaMs: 80_000,
      waiting: null,
      planning: false,
      oldest: null,
    },
    meanReward: 0.512,
    failures: { timeout_idle: 5, server_error: 2 },
    waiting: null,
    endpoints: [],
    phases: {
      queued: { count: flights - 2, idleMs: 33_000 },
      awaiting_first_byte: { count: 2, idleMs: 9_000 },
    },
    inFlight: Array.from({ length: Math.min(200, flights) }, (_, i) => ({
      episodeId: `${i}-0`,
      phase: 'queued' as const,
      detail: '2 requests out',
      idleMs: 33_000,
      elapsedMs: 33_000,
      attempts: 1,
    })),
    stopping: null,
    ...more,
  };
}

describe('a status as text', () => {
  it('has the figures and the failures by kind', () => {
    const lines = describeStatus(status(2)).split('\n');
    expect(lines.slice(0, 4)).toEqual([
      '/out/r.jsonl: running, process 4711',
      '2000 planned = 100 scored + 7 failed + 1891 owed + 2 in flight',
      'mean reward 0.512, 12 rollouts/s, ETA 1 min 20 s',
      'failures: timeout_idle 5, server_error 2',
    ]);
    expect(lines[4]).toBe('  0-0: queued 2 requests out for 33 s (episode 33 s, 1 request done)');
  });

  it('groups many in flight by phase, and names the oldest few', () => {
    const lines = describeStatus(status(1000)).trimEnd().split('\n');
    expect(lines).toHaveLength(4 + 2 + 1 + 5);
    expect(lines[4]).toBe('  998 queued, the longest for 33 s');
    expect(lines[5]).toBe('  2 awaiting first byte, the longest for 9 s');
    expect(lines[6]).toBe('  the oldest:');
  });

  it('tells how each endpoint is, and what is waited for', () => {
    const outage = { since: 70_000, reason: 'HTTP 503', url: 'http://b/v1', nextTryAt: 107_200 };
    const text = describeStatus(
      status(2, {
        waiting: { name: 'judge', ...outage, text: 'waiting for judge since …' },
        endpoints: [
          {
            server: 'policy_model',
            url: 'http://a/v1',
            state: 'up',
            outage: null,
            load: { out: 12, queued: 3, limit: 64 },
          },
          { server: 'judge', url: 'http://b/v1', state: 'down', outage, load: null },
        ],
      }),
    );
    expect(text).toContain('waiting for judge since …\n');
    expect(text).toContain('policy_model http://a/v1: up, 12 of at most 64 requests out, 3 queued\n');
    expect(text).toContain('judge http://b/v1: down for 30 s (HTTP 503), next try in 8 s\n');
  });
});
