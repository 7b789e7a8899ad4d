import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Usage } from '../../src/protocol/index.js';
import { addUsage, countingIds, idSource, tokenCount } from '../../src/protocol/index.js';

const usage = (input: number, output: number, cached: number | null, reasoning: number | null): Usage => ({
  input_tokens: input,
  input_tokens_details: { cached_tokens: cached },
  output_tokens: output,
  output_tokens_details: { reasoning_tokens: reasoning },
  total_tokens: input + output,
});

describe('addUsage', () => {
  it('adds counts; an unknown detail makes the sum unknown', () => {
    expect(addUsage(usage(1, 2, 3, null), usage(10, 20, 30, 40))).toEqual(usage(11, 22, 33, null));
  });

  it('a missing side adds nothing', () => {
    const one = usage(1, 2, 3, 4);
    expect(addUsage(null, one)).toEqual(one);
    expect(addUsage(one, null)).toEqual(one);
    expect(addUsage(null, null)).toBeNull();
  });

  it('is associative', () => {
    const counts = fc.nat(1000);
    const detail = fc.option(counts, { nil: null });
    const any = fc.option(
      fc.tuple(counts, counts, detail, detail).map((t) => usage(...t)),
      { nil: null },
    );
    fc.assert(
      fc.property(any, any, any, (a, b, c) => {
        expect(addUsage(addUsage(a, b), c)).toEqual(addUsage(a, addUsage(b, c)));
      }),
    );
  });
});

describe('ids', () => {
  it('are the prefix and 32 hexadecimal digits', () => {
    expect(idSource((size) => new Uint8Array(size).fill(0xab))('msg_')).toBe(`msg_${'ab'.repeat(16)}`);
    const next = countingIds();
    expect([next('a_'), next('a_')]).toEqual([`a_${'0'.repeat(32)}`, `a_${'0'.repeat(31)}1`]);
  });
});

describe('tokenCount', () => {
  it.each([0, 1, 4096, Number.MAX_SAFE_INTEGER])('takes %d', (count) => {
    expect(tokenCount(count)).toBe(count);
  });

  it.each([-1, 1.5, 1e308, Infinity, Number.NaN, 2 ** 53, '12', true, null, undefined, {}])(
    'does not know what %s is',
    (value) => {
      expect(tokenCount(value)).toBeNull();
    },
  );
});
