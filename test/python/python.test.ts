import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { pythonEqual } from '../../src/python/equal.js';
import { lenientInt } from '../../src/python/lenient-int.js';
import { PythonRegexError } from '../../src/python/regex/regex-error.js';
import { findAll, pythonRegex } from '../../src/python/regex/regex.js';
import { characters, isLetter, normalized, splitWords, strip } from '../../src/python/strings.js';
import { withinTime } from '../../src/python/regex/time-guard.js';

interface Case {
  pattern: string;
  flags: string;
  text: string;
  found: string[];
}

/** What `re.findall` of CPython 3.11 gives. */
const CASES = readFileSync(
  path.resolve(import.meta.dirname, '../fixtures/python/regex-findall.jsonl'),
  'utf8',
)
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Case);

const run = ({ pattern, flags, text }: Omit<Case, 'found'>): string[] =>
  findAll(pythonRegex(pattern, { ignoreCase: flags.includes('i'), multiline: flags.includes('m') }), text);

describe('Python regular expressions', () => {
  it('finds what Python finds', () => {
    expect(CASES.length).toBeGreaterThan(200);
    for (const given of CASES) expect({ ...given, found: run(given) }).toEqual(given);
  });

  it.each([
    ['a++b', 'possessive'],
    ['(?>ab)', 'atomic'],
    ['(a)(?(1)b|c)', 'conditional'],
    ['(?-i:a)', '(?-i:', 'i'],
    ['a(?i)b', 'flags must stand at the start'],
    ['(?L)a', 'flag "L"'],
    ['(?<name>a)', '(?P<name>'],
    [String.raw`\N{BULLET}`, String.raw`"\N"`],
    [String.raw`\q`, String.raw`"\q"`],
    [String.raw`\x4`, 'hexadecimal'],
    [String.raw`\2(a)(b)`, 'no group 2'],
    ['(a', 'missing ")"'],
    ['a)', 'unbalanced ")"'],
    ['[a', 'ends too early'],
    ['[z-a]', 'range'],
    ['*a', 'not a valid expression'],
    ['a\\', 'ends too early'],
  ])('refuses %s: %s', (pattern, problem, flags = '') => {
    const make = () => pythonRegex(pattern, { ignoreCase: flags === 'i' });
    expect(make).toThrow(PythonRegexError);
    expect(make).toThrow(problem);
    expect(make).toThrow(JSON.stringify(pattern));
  });

  it('gives patterns no more time than allowed', () => {
    const evil = pythonRegex('(a+)+$');
    expect(withinTime(50, () => findAll(evil, `${'a'.repeat(40)}b`))).toBeUndefined();
    expect(withinTime(1000, () => findAll(evil, 'aa'))).toEqual(['aa']);
    expect(() =>
      withinTime(1000, () => {
        throw new RangeError('mine');
      }),
    ).toThrow('mine');
  });
});

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
