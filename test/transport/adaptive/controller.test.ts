import { describe, expect, it } from 'vitest';
import { createController } from '../../../src/transport/adaptive/controller.js';
import type { Change } from '../../../src/transport/adaptive/types.js';
import type { Fate, ModelledProvider } from '../../support/limiter/limiter.d.mts';
import { atATime, brownOut, randomFaults, seeded } from '../../support/limiter/providers.mjs';
import { NO_RETRY, playOne } from './clients.js';

const MINUTE = 60_000;

/** Answers after 100 ms; what `fateOf` decides for the n-th request (from 0) otherwise. */
function scripted(fateOf: (n: number) => Partial<Fate> | undefined, latencyMs = 100): ModelledProvider {
  let n = 0;
  return {
    arrive: () => ({ result: 'ok', latencyMs, ...fateOf(n++) }),
    leave: () => undefined,
  };
}

const tellsOneSecond: Partial<Fate> = { result: 'refused', latencyMs: 20, retryAfterMs: 1_000 };

function withLog(max: number) {
  const changes: Change[] = [];
  return { changes, controller: createController({ max, onChange: (change) => changes.push(change) }) };
}

/** Requests per second between the first and the last of these. */
function rateOf(sentAt: readonly number[]): number {
  return ((sentAt.length - 1) / (sentAt.at(-1)! - sentAt[0]!)) * 1_000;
}

describe('a few refusals that have nothing to do with the load', () => {
  it.each([3, 50, 400])(
    'leave no trace with a client of one request at a time, after %i answers',
    (before) => {
      const provider = scripted((n) => (n >= before && n < before + 5 ? tellsOneSecond : undefined));
      const { controller } = withLog(1_000);
      const { sentAt } = playOne(provider, controller, { workers: 1, durationMs: 2 * MINUTE });
      // The request itself waits as it is told, each time; the next ones go as fast as the first.
      const after = sentAt!.slice(before + 5 + 3, before + 5 + 23);
      expect(rateOf(after)).toBeGreaterThan(0.95 * rateOf(sentAt!.slice(0, before)));
    },
  );

  it('are overcome within half a minute by one that asks on without the wait that it is told', () => {
    const provider = scripted((n) => (n >= 3 && n < 8 ? tellsOneSecond : undefined));
    const { controller } = withLog(1_000);
    const { sentAt } = playOne(provider, controller, { workers: 1, durationMs: MINUTE, retry: NO_RETRY });
    const after = sentAt!.filter((at) => at > sentAt![7]! + 20_000);
    expect(rateOf(after.slice(0, 20))).toBeGreaterThan(0.9 * rateOf(sentAt!.slice(0, 3)));
  });

  it.each([8, 64])('are overcome within two seconds with %i at a time', (workers) => {
    const provider = scripted((n) => (n >= 300 && n < 305 ? tellsOneSecond : undefined));
    const { controller } = withLog(1_000);
    const { sentAt } = playOne(provider, controller, { workers, durationMs: MINUTE });
    const refusedAt = sentAt![304]!;
    const after = sentAt!.filter((at) => at > refusedAt + 2_000 && at < refusedAt + 12_000);
    expect(rateOf(after)).toBeGreaterThan(0.9 * (workers / 0.1));
  });
});

describe('the way up', () => {
  it('has all that is wanted out long before the first answer comes, while nothing is refused', () => {
    const { controller } = withLog(1_000);
    const { sentAt } = playOne(randomFaults(seeded(1), { meanMs: 30_000 }), controller, {
      workers: 1_000,
      durationMs: 10_000,
    });
    expect(sentAt).toHaveLength(1_000);
    expect(sentAt!.at(-1)!).toBeLessThan(4_000);
  });
});

describe('a limit that does not move', () => {
  it.each([
    [3, 2],
    [10, 1.35],
    [50, 1.35],
    [200, 1.35],
  ])('of %i at a time is kept to within a factor of %d', (limit, bound) => {
    const { changes, controller } = withLog(400);
    const durationMs = 10 * MINUTE;
    playOne(
      atATime(seeded(1), () => limit),
      controller,
      { workers: 400, durationMs },
    );
    const late = changes.filter(({ at }) => at > (durationMs * 2) / 3).map(({ to }) => to);
    late.push(controller.limit);
    expect(Math.max(...late) / Math.min(...late)).toBeLessThanOrEqual(bound);
  });
});

describe('told waits', () => {
  const refusal = { result: 'refused', retryAfterMs: 30_000 } as const;

  it('close the endpoint to all but single probes, with growing pauses', () => {
    const controller = createController({ max: 100 });
    controller.finish(controller.start(0), { now: 10, ...refusal });
    expect(controller.closedUntil(20)).toBe(30_010);
    expect(controller.nextStart(20)).toBe(260);
    const pauses: number[] = [];
    let now = 260;
    for (let probes = 0; probes < 6; probes += 1) {
      expect(controller.nextStart(now)).toBeLessThanOrEqual(now);
      const probe = controller.start(now);
      expect(controller.nextStart(now + 1)).toBeGreaterThan(now + 1);
      now += 10;
      controller.finish(probe, { now, result: 'refused', retryAfterMs: 200_000 });
      expect(controller.closedUntil(now)).toBe(now + 200_000);
      const next = controller.nextStart(now);
      pauses.push(next - now);
      now = next;
    }
    expect(pauses).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  it('of a few seconds are kept without probes', () => {
    const controller = createController({ max: 100 });
    controller.finish(controller.start(0), { now: 10, result: 'refused', retryAfterMs: 3_000 });
    expect(controller.nextStart(20)).toBe(3_010);
  });

  it('are over as soon as probes are answered', () => {
    const controller = createController({ max: 100 });
    controller.finish(controller.start(0), { now: 10, ...refusal });
    let now = 260;
    for (let probes = 0; probes < 4; probes += 1) {
      expect(controller.nextStart(now)).toBeLessThanOrEqual(now);
      const probe = controller.start(now);
      now += 50;
      controller.finish(probe, { now, result: 'ok' });
    }
    expect(controller.nextStart(now)).toBe(0);
    expect(controller.closedUntil(now)).toBe(0);
  });

  it.each([301_000, 999_999_999_999_000])(
    'of %i ms close it for no more than five minutes',
    (retryAfterMs) => {
      const controller = createController({ max: 100 });
      controller.finish(controller.start(0), { now: 10, result: 'refused', retryAfterMs });
      expect(controller.closedUntil(20)).toBe(300_010);
    },
  );

  it('speak of one request only when those sent after it were taken', () => {
    const controller = createController({ max: 100 });
    const tickets = Array.from({ length: 10 }, () => controller.start(0));
    controller.finish(tickets[0]!, { now: 20, ...refusal });
    expect(controller.closedUntil(21)).toBe(30_020);
    expect(controller.closedUntil(150)).toBe(0);
  });

  it('pass for needless by silence only when nothing lies unread', () => {
    const controller = createController({ max: 100, listens: true });
    const tickets = Array.from({ length: 10 }, () => controller.start(0));
    controller.finish(tickets[0]!, { now: 20, ...refusal });
    // The program was busy for long: the refusals of the others are there, and are read a moment later.
    expect(controller.closedUntil(5_000)).toBe(30_020);
    expect(controller.unsure).toBe(true);
    for (const ticket of tickets.slice(1)) controller.finish(ticket, { now: 5_000, ...refusal });
    controller.sure();
    expect(controller.closedUntil(5_001)).toBe(35_000);
  });

  it('are needless when the silence lasts', () => {
    const controller = createController({ max: 100, listens: true });
    const tickets = Array.from({ length: 10 }, () => controller.start(0));
    controller.finish(tickets[0]!, { now: 20, ...refusal });
    expect(controller.closedUntil(150)).toBe(30_020);
    controller.sure();
    expect(controller.closedUntil(150)).toBe(0);
    expect(controller.unsure).toBe(false);
  });
});

describe('the controller', () => {
  it('says why with every change', () => {
    const { changes, controller } = withLog(400);
    playOne(
      atATime(seeded(1), () => 30),
      controller,
      { workers: 400, durationMs: 2 * MINUTE },
    );
    expect(changes.length).toBeGreaterThan(3);
    for (const change of changes) expect(change.reason).not.toBe('');
    expect(changes.some(({ reason }) => /refused with 3\d out/.test(reason))).toBe(true);
  });

  it('never goes above the configured maximum or below one', () => {
    const { changes, controller } = withLog(12);
    playOne(brownOut(seeded(1), 1_000, [MINUTE, 2 * MINUTE]), controller, {
      workers: 400,
      durationMs: 4 * MINUTE,
    });
    expect(controller.limit).toBe(12);
    expect(Math.max(...changes.map(({ to }) => to))).toBeLessThanOrEqual(12);
    expect(Math.min(...changes.map(({ to }) => to))).toBeGreaterThanOrEqual(1);
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

  it('does not wait for a quota that is whole again in a thousand years', () => {
    const controller = createController({ max: 100 });
    const resetMs = 1e15;
    controller.finish(controller.start(0), { now: 100, result: 'ok', quota: { left: 0, resetMs } });
    expect(controller.nextStart(100)).toBeLessThanOrEqual(5_100);
    expect(controller.closedUntil(100)).toBe(300_100);
  });
});
