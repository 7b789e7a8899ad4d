import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EndpointHealth } from '../../src/transport/health/endpoint-health.js';

const REFUSED = { unreachable: true, reason: 'connection refused' };
const ANSWERED_500 = { unreachable: false, reason: 'HTTP 500' };

/** A health that is down since `at`, after the probes that it took. */
function downSince(at: number, random = () => 1): { health: EndpointHealth; now: number } {
  const health = new EndpointHealth(random);
  health.fault(REFUSED, at);
  let now = at;
  while (!health.down) {
    now = Math.max(now, health.probeAt);
    health.probeSent();
    health.probeFailed(REFUSED, now);
  }
  return { health, now };
}

describe('the health of an endpoint', () => {
  it('is down only when two probes failed, not by what requests say', () => {
    const health = new EndpointHealth(() => 0.5);
    for (let at = 0; at < 1000; at++) health.fault(REFUSED, at);
    expect(health.state).toBe('suspect');
    expect(health.probeAt).toBe(0);
    health.probeSent();
    expect(health.probeAt).toBe(Infinity);
    health.probeFailed(REFUSED, 1000);
    expect(health.state).toBe('suspect');
    health.probeSent();
    health.probeFailed(REFUSED, 1300);
    expect(health.state).toBe('down');
    expect(health).toMatchObject({ since: 0, reason: 'connection refused' });
  });

  it('is cleared by any request that was sent after the first fault, also after it went down', () => {
    const health = new EndpointHealth(() => 0.5);
    health.fault(ANSWERED_500, 100);
    health.answered(99, 200);
    expect(health.state).toBe('suspect');
    health.answered(100, 200);
    expect(health.state).toBe('up');
    const { health: down } = downSince(1000);
    down.answered(999, 5000);
    expect(down.down).toBe(true);
    down.answered(1001, 5000);
    expect(down.down).toBe(false);
  });

  it('blames the requests when a probe is answered, and does not ask again at once', () => {
    const health = new EndpointHealth(() => 0.5);
    health.fault(ANSWERED_500, 0);
    expect(health.probeAt).toBe(500);
    health.probeSent();
    health.probeAnswered(600);
    expect(health.state).toBe('up');
    expect(health.inOutage(0)).toBe(false);
    health.fault(ANSWERED_500, 700);
    expect(health.probeAt).toBe(5_600);
    // A refused connection is no request's fault: it is looked at sooner.
    health.fault(REFUSED, 800);
    expect(health.probeAt).toBe(1_600);
  });

  it('asks after pauses that double up to half a minute, never shorter than half of them', () => {
    const pauses = (random: () => number): number[] => {
      const down = downSince(0, random);
      const { health } = down;
      let { now } = down;
      return Array.from({ length: 8 }, () => {
        const pause = health.probeAt - now;
        now = health.probeAt;
        health.probeSent();
        expect(health.state).toBe('probing');
        health.probeFailed(REFUSED, now);
        return pause;
      });
    };
    expect(pauses(() => 1)).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    expect(pauses(() => 0)).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
  });

  it('waits as long as it is told, but no longer than half a minute', () => {
    for (const [toldMs, expected] of [
      [8_000, 8_000],
      [3_600_000, 30_000],
      [1, 1_000],
    ] as const) {
      const { health, now } = downSince(0);
      health.probeSent();
      health.probeFailed({ reason: 'HTTP 503', toldMs: 1 }, now);
      const { health: told, now: at } = { health, now };
      told.probeSent();
      told.probeFailed({ reason: 'HTTP 503', toldMs }, at);
      expect(told.probeAt - at).toBe(Math.max(expected, 4_000));
    }
  });

  it('remembers which times were those of an outage', () => {
    const { health } = downSince(1000);
    expect([999, 1000, 50_000].map((at) => health.inOutage(at))).toEqual([false, true, true]);
    health.probeSent();
    health.probeAnswered(20_000);
    expect([999, 1000, 20_000, 20_001].map((at) => health.inOutage(at))).toEqual([false, true, true, false]);
  });

  it('never probes twice at a time, and never stands without a next step while it is not up', () => {
    const event = fc.record({
      what: fc.constantFrom('fault', 'refused', 'answered', 'probe', 'good', 'bad'),
      wait: fc.integer({ min: 0, max: 3000 }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 80 }), (events) => {
        const health = new EndpointHealth(() => 0.5);
        let now = 0;
        let out = false;
        for (const { what, wait } of events) {
          now += wait;
          if (what === 'fault') health.fault(ANSWERED_500, now);
          if (what === 'refused') health.fault(REFUSED, now);
          if (what === 'answered') health.answered(now, now);
          if (what === 'probe' && now >= health.probeAt) {
            expect(out).toBe(false);
            health.probeSent();
            out = true;
          }
          if (what === 'good' && out) health.probeAnswered(now);
          if (what === 'bad' && out) health.probeFailed(REFUSED, now);
          if (what === 'good' || what === 'bad') out = false;
          if (health.state !== 'up' && !out) expect(health.probeAt).toBeLessThan(Infinity);
          if (health.state === 'up') expect(health.probeAt).toBe(Infinity);
        }
      }),
    );
  });
});
