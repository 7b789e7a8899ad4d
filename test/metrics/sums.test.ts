import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleDeviations } from '../../src/metrics/sums.js';

/** The reference's loop, for one number of values. */
function deviation(values: readonly number[]): number {
  if (values.length < 2) return Number.NaN;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

describe('sampleDeviations', () => {
  it('gives the deviation of the first n for every n, to the last digit', () => {
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { maxLength: 40 }), (values) => {
        const expected = values.map((_, i) => deviation(values.slice(0, i + 1)));
        expect([...sampleDeviations(values)]).toEqual(expected);
      }),
    );
  });
});
