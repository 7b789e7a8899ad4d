import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { float, formatFloat, JsonNumber, writeJson, writeRow } from '../../src/metrics/index.js';

describe('formatFloat', () => {
  it.each([
    // Printed by orjson 3.11.
    [1, '1.0'],
    [100, '100.0'],
    [-0, '-0.0'],
    [0.1 + 0.2, '0.30000000000000004'],
    [0.00001, '0.00001'],
    [1.2e-5, '0.000012'],
    [1e-6, '1e-6'],
    [1.5e-7, '1.5e-7'],
    [9.999e15, '9999000000000000.0'],
    [1e16, '1e+16'],
    [1.2345678901234568e17, '1.2345678901234568e+17'],
    [5e-324, '5e-324'],
    [Number.NaN, 'null'],
    [Number.POSITIVE_INFINITY, 'null'],
  ])('%s is written %s', (value, text) => {
    expect(formatFloat(value)).toBe(text);
  });

  it('reads back as the same float', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = formatFloat(value);
        expect(Object.is(Number(text), value)).toBe(true);
        expect(text).toMatch(/[.e]/);
      }),
    );
  });
});

describe('writeJson', () => {
  it('equals JSON.stringify where no number has its own form', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2, 4), (value, indent) => {
        expect(writeJson(value, indent)).toBe(JSON.stringify(value, null, indent));
      }),
    );
  });

  it('keeps the form of numbers at any depth', () => {
    expect(writeJson({ a: float(1), b: [float(2), 3], c: new JsonNumber('9007199254740993') })).toBe(
      '{"a":1.0,"b":[2.0,3],"c":9007199254740993}',
    );
  });
});

describe('writeRow', () => {
  it('writes the reward of a row as a float and leaves undefined out', () => {
    const row = { reward: float(1), response: { n: 1, t: 'ü"' }, gone: undefined, none: null };
    expect(writeRow(row)).toBe('{"reward":1.0,"response":{"n":1,"t":"ü\\""},"none":null}');
  });
});
