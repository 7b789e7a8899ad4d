import { describe, expect, it } from 'vitest';
import { createController } from '../../../src/transport/adaptive/controller.js';
import { brownOut, concurrencyLimited, tokensPerMinute } from './providers.js';
import type { Client, SimulatedProvider } from './simulation.js';
import { client, fixed, seeded, simulate } from './simulation.js';

const MINUTES = 60_000;
const adaptive = (max = 400): Client => client((onChange) => createController({ max, onChange }));

/** The most answers that any fixed limit gets from such a provider. */
function bestFixed(make: () => SimulatedProvider, durationMs: number, clients = 1): number {
  const limits = [1, 2, 4, 6, 8, 10, 12, 16, 20, 24, 32, 40, 50, 64, 80, 100, 128, 200, 400];
  return Math.max(
    ...limits.map((limit) => {
      const all = Array.from({ length: clients }, () => client(() => fixed(limit)));
      simulate(make(), all, durationMs);
      return all.reduce((sum, one) => sum + one.answered, 0);
    }),
  );
}

/** Highest over lowest limit in the last third of the run. */
function swing(one: Client, durationMs: number): number {
  const late = one.changes.filter(({ at }) => at > (durationMs * 2) / 3).map(({ to }) => to);
  late.push(one.controller.limit);
  return Math.max(...late) / Math.min(...late);
}

interface Case {
  name: string;
  make: (seed: number) => SimulatedProvider;
  durationMs: number;
  /** Bound on the highest over the lowest limit when nothing changes any more. */
  swing: number;
}

const CASES: Case[] = [
  ...[3, 10, 50, 200].map((limit) => ({
    name: `${limit} requests at a time`,
    make: (seed: number) => concurrencyLimited(() => limit, seeded(seed)),
    durationMs: 10 * MINUTES,
    swing: limit < 10 ? 2 : 1.35,
  })),
  {
    name: 'a limit that moves',
    make: (seed) =>
      concurrencyLimited((now) => [50, 20, 80][Math.floor(now / (3 * MINUTES)) % 3]!, seeded(seed)),
    durationMs: 18 * MINUTES,
    swing: Infinity,
  },
  {
    name: 'tokens per minute, with told waits',
    make: (seed) => tokensPerMinute(300_000, seeded(seed)),
    durationMs: 20 * MINUTES,
    swing: Infinity,
  },
  {
    name: 'tokens per minute, one request a second',
    make: (seed) => tokensPerMinute(60_000, seeded(seed)),
    durationMs: 30 * MINUTES,
    swing: Infinity,
  },
  {
    name: 'a brown-out',
    make: (seed) => brownOut(40, [3 * MINUTES, 4 * MINUTES], seeded(seed)),
    durationMs: 10 * MINUTES,
    swing: Infinity,
  },
];

describe.each(CASES)('adaptive concurrency against $name', ({ make, durationMs, swing: bound }) => {
  const seeds = [1, 2, 3];
  const best = bestFixed(() => make(1), durationMs);

  it.each(seeds)('answers within 10 % of the best fixed limit, and under 2 % refused (seed %i)', (seed) => {
    const one = adaptive();
    simulate(make(seed), [one], durationMs);
    const row = {
      answered: one.answered / best,
      refused: one.refused / one.sent,
      limit: one.controller.limit,
    };
    expect(row.answered).toBeGreaterThan(0.9);
    expect(row.refused).toBeLessThan(0.02);
    expect(swing(one, durationMs)).toBeLessThanOrEqual(bound);
  });
});

describe('two clients that share a limit', () => {
  it.each([1, 2, 3])('use it up together and are seldom refused (seed %i)', (seed) => {
    const durationMs = 15 * MINUTES;
    const make = (): SimulatedProvider => concurrencyLimited(() => 60, seeded(seed));
    const both = [adaptive(), adaptive()];
    simulate(make(), both, durationMs);
    const answered = both[0]!.answered + both[1]!.answered;
    const sent = both[0]!.sent + both[1]!.sent;
    expect(answered / bestFixed(make, durationMs, 2)).toBeGreaterThan(0.9);
    expect((both[0]!.refused + both[1]!.refused) / sent).toBeLessThan(0.02);
  });
});

describe('the controller', () => {
  it('says why with every change', () => {
    const one = adaptive();
    simulate(
      concurrencyLimited(() => 30, seeded(1)),
      [one],
      2 * MINUTES,
    );
    expect(one.changes.length).toBeGreaterThan(3);
    for (const change of one.changes) expect(change.reason).not.toBe('');
    expect(one.changes.some(({ reason }) => /refused with 3\d out/.test(reason))).toBe(true);
  });

  it('never goes above the configured maximum or below one', () => {
    const one = adaptive(12);
    simulate(brownOut(1000, [MINUTES, 2 * MINUTES], seeded(1)), [one], 4 * MINUTES);
    expect(one.controller.limit).toBe(12);
    expect(Math.max(...one.changes.map(({ to }) => to))).toBeLessThanOrEqual(12);
    expect(Math.min(...one.changes.map(({ to }) => to))).toBeGreaterThanOrEqual(1);
  });

  it('stops sending when the provider says that nothing is left, until it is whole again', () => {
    const controller = createController({ max: 100 });
    const tickets = [controller.start(0), controller.start(0), controller.start(0)];
    controller.finish(tickets[0]!, { now: 100, result: 'ok', quota: { left: 3, resetMs: 5_000 } });
    // Two were sent after the one that said "3 left": one more may go.
    expect(controller.nextStart(100)).toBe(0);
    controller.start(100);
    expect(controller.nextStart(100)).toBe(5_100);
    expect(controller.nextStart(5_100)).toBe(0);
  });

  it('sends nothing during a told wait', () => {
    const controller = createController({ max: 100 });
    controller.finish(controller.start(0), { now: 10, result: 'refused', retryAfterMs: 30_000 });
    expect(controller.nextStart(20)).toBe(30_010);
  });
});
