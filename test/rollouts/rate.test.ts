import { describe, expect, it } from 'vitest';
import { RateWindow } from '../../src/rollouts/run/rate.js';

/** Scores one rollout each `everyMs`, from `from` until `to`. */
function score(rate: RateWindow, from: number, to: number, everyMs: number): void {
  for (let at = from; at < to; at += everyMs) rate.scored(at);
}

describe('the rate of a run', () => {
  it('is that of the last minute, not of the whole run', () => {
    const rate = new RateWindow(0);
    score(rate, 0, 600_000, 1000);
    expect(rate.perSecond(600_000)).toBeCloseTo(1, 1);
    score(rate, 600_000, 660_000, 100);
    expect(rate.perSecond(660_000)).toBeCloseTo(10, 0);
  });

  it('is right from the first seconds on, and 0 before anything is scored', () => {
    const rate = new RateWindow(1_000_000);
    expect(rate.perSecond(1_000_000)).toBe(0);
    expect(rate.perSecond(1_005_000)).toBe(0);
    score(rate, 1_000_000, 1_010_000, 500);
    expect(rate.perSecond(1_010_000)).toBeCloseTo(2, 1);
  });

  it('looks further back when little is scored', () => {
    const rate = new RateWindow(0);
    score(rate, 0, 600_000, 40_000);
    expect(rate.perSecond(600_000)).toBeCloseTo(1 / 40, 2);
  });

  it('falls to nothing while nothing is scored, and is as before once that is over', () => {
    const rate = new RateWindow(0);
    score(rate, 0, 120_000, 100);
    const before = rate.perSecond(120_000);
    expect(rate.perSecond(1_320_000)).toBe(0);
    rate.resumed(1_200_000);
    expect(rate.perSecond(1_320_000)).toBeCloseTo(before, 0);
  });
});
