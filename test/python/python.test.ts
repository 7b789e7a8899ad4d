import { describe, expect, it } from 'vitest';
import {
  characters,
  isLetter,
  lenientInt,
  normalized,
  pythonEqual,
  splitLines,
  splitWords,
  strip,
} from '../../src/python/index.js';

describe('Python strings', () => {
  /** The code points for which CPython's `str.isspace()` is true. */
  const SPACES = [
    ...[0x9, 0xa, 0xb, 0xc, 0xd, 0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0x85, 0xa0, 0x1680],
    ...Array.from({ length: 11 }, (_, index) => 0x2000 + index),
    ...[0x2028, 0x2029, 0x202f, 0x205f, 0x3000],
  ];

  it('knows exactly the white space that Python knows', () => {
    const found: number[] = [];
    for (let code = 0; code <= 0xffff; code++) if (strip(String.fromCharCode(code)) === '') found.push(code);
    expect(found).toEqual(SPACES);
  });

  it('strips and splits', () => {
    expect(strip('\u001c a b\u0085\n')).toBe('a b');
    expect(strip('\ufeffa')).toBe('\ufeffa');
    expect(strip('**_a*_', '*_')).toBe('a');
    expect(splitWords(' a\u2028b\t\tc ')).toEqual(['a', 'b', 'c']);
    expect(splitWords(' ')).toEqual([]);
    expect(splitLines('a\r\nb\u2028\n')).toEqual(['a', 'b', '']);
    expect(normalized('  The\n Dog ')).toBe('the dog');
  });

  it('counts code points', () => {
    expect(characters('a😀é')).toHaveLength(3);
    expect(['A', 'é', 'ß', '中', '😀', '1', 'AB', ''].filter(isLetter)).toEqual(['A', 'é', 'ß', '中']);
  });
});

describe('Python values', () => {
  it.each([
    ['5', 5],
    [' -7 ', -7],
    ['5.0', 5],
    [5, 5],
    [true, 1],
    ['1_000', 1000],
  ])('reads %j as the integer %d', (given, value) => expect(lenientInt.parse(given)).toBe(value));

  it.each([['5.5'], [5.5], [null], [undefined], ['x'], [''], [[]], [Number.NaN]])('refuses %j', (given) => {
    expect(lenientInt.safeParse(given).success).toBe(false);
  });

  it('compares like ==', () => {
    expect(pythonEqual({ a: [1, true], b: null }, { b: null, a: [true, 1] })).toBe(true);
    expect(pythonEqual({ a: 1 }, { a: '1' })).toBe(false);
    expect(pythonEqual({ a: 1 }, { b: 1 })).toBe(false);
    expect(pythonEqual([1], [1, 2])).toBe(false);
    expect(pythonEqual([], {})).toBe(false);
    expect(pythonEqual(null, 0)).toBe(false);
  });
});
