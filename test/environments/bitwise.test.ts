import { describe, expect, it } from 'vitest';
import { NeedsLibrary, Unscored } from '../../src/environments/catalogue/reasoning_gym/entry.js';
import { bitwiseArithmetic } from '../../src/environments/catalogue/reasoning_gym/scorers/bitwise.js';

const scored = (problem: unknown, answer: string): number =>
  bitwiseArithmetic(answer, { answer: '0x0', metadata: { problem: problem as string } });

describe('bitwise arithmetic', () => {
  // The values are Python's.
  it.each([
    ['((0x3a24 - 0x24b8) + (0x1741 >> 0x3))', '0x1854'],
    ['1 + 2 << 3', '24'],
    ['2 + 3 * 4 - -1', '15'],
    ['-5 >> 1', '-3'],
    ['1 << 2 << 3', '32'],
    ['(0xffff * 0xffff << 3) - 0b1', '0x7fff00007'],
    ['0o17 + 1_000', '1015'],
  ])('%s is %s, whatever the row says', (problem, answer) => {
    expect(scored(problem, answer)).toBe(1);
    expect(scored(problem, '0x0')).toBe(0);
  });

  it('has no credit where Python raises, and needs Python for other operators', () => {
    for (const problem of ['(1 + 2', '1 2', '1 << -1', '0123', '1 +', '', '(1)(2)', 7])
      expect(() => scored(problem, '3')).toThrow(Unscored);
    for (const problem of ['2 ** 3', '7 // 2', '1 < 2', 'x', '1e3', '1 << 999999999'])
      expect(() => scored(problem, '3')).toThrow(NeedsLibrary);
    expect(scored('2 ** 3', 'eight')).toBe(0);
  });
});
