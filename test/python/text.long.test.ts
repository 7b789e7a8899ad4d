import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as python from '../../src/python/index.js';
import { Flag } from '../../src/python/regex/flags.js';
import { categorySet, characterSet, memberSet } from '../../src/python/regex/match/character-sets.js';
import type { Category, SetItem } from '../../src/python/regex/parse/syntax.js';
import type { CodePointSet } from '../../src/python/unicode/code-point-set.js';
import { UNICODE_VERSION } from '../../src/python/unicode/tables.js';

interface Fixture {
  unicode: string;
  hashes: Record<string, string>;
  samples: (Record<string, string | string[] | boolean> & { text: string })[];
}

/** Made by Python 3.13: see make_text.py beside it. */
const { unicode, hashes, samples } = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../fixtures/python/text.json'), 'utf8'),
) as Fixture;

const TESTS = {
  isalpha: python.isAlpha,
  isdecimal: python.isDecimal,
  isdigit: python.isDigit,
  isnumeric: python.isNumeric,
  isalnum: python.isAlnum,
  isspace: python.isSpace,
  isprintable: python.isPrintable,
  isupper: python.isUpper,
  islower: python.isLower,
};
const MAPS = { lower: python.lower, upper: python.upper, title: python.title, casefold: python.casefold };

const ALL = Array.from({ length: 0x110000 }, (_, code) => String.fromCodePoint(code));
const CASED = ALL.filter((c) =>
  [python.lower(c), python.upper(c), python.casefold(c)].some((to) => to !== c),
);

const digest = (text: string): string => createHash('sha256').update(text, 'ascii').digest('hex');
const bits = (test: (character: string) => boolean): string =>
  digest(ALL.map((c) => Number(test(c))).join(''));
const codes = (texts: readonly string[]): string =>
  digest(texts.map((text) => Array.from(text, (c) => c.codePointAt(0)!.toString(16)).join(' ')).join(','));

/** For each cased character, or every so manieth, which cased characters a set made of it holds. */
function matching(make: (code: number) => CodePointSet, step = 1): string {
  const points = CASED.map((character) => character.codePointAt(0)!);
  return codes(
    points
      .filter((_, index) => index % step === 0)
      .map((code) => {
        const set = make(code);
        return CASED.filter((_, index) => set.has(points[index]!)).join('');
      }),
  );
}

describe('characters as Python 3.13 knows them', () => {
  it('has the tables of the same Unicode', () => expect(UNICODE_VERSION).toBe(unicode));

  it.each(Object.entries(TESTS))('%s() of every code point', (name, test) =>
    expect(bits(test)).toBe(hashes[name]),
  );

  it.each(Object.entries(MAPS))('%s() of every code point', (name, map) =>
    expect(codes(ALL.filter((c) => map(c) !== c).map((c) => c + map(c)))).toBe(hashes[name]),
  );

  it.each(['d', 's', 'w'] as Category[])(String.raw`\%s of every code point`, (category) => {
    for (const negated of [false, true]) {
      const escape = `\\${negated ? category.toUpperCase() : category}`;
      const has = (flags: number) => (c: string) =>
        categorySet(category, negated, flags).has(c.codePointAt(0)!);
      expect(bits(has(Flag.unicode))).toBe(hashes[escape]);
      expect(bits(has(Flag.ascii))).toBe(hashes[`(?a)${escape}`]);
    }
  });

  it.each([
    ['(?i)', Flag.ignoreCase | Flag.unicode],
    ['(?ia)', Flag.ignoreCase | Flag.ascii],
  ])('every pair of cased characters under %s', (name, flags) => {
    const one = (code: number): SetItem[] => [{ type: 'character', code }];
    const range = (first: number): SetItem[] => [{ type: 'range', first, last: 0x1f600 }];
    expect(matching((code) => characterSet(code, flags))).toBe(hashes[`${name}%s`]);
    expect(matching((code) => memberSet(one(code), flags))).toBe(hashes[`${name}[%s]`]);
    expect(matching((code) => memberSet(one(code), flags).inverted(), 29)).toBe(hashes[`${name}[^%s]`]);
    expect(matching((code) => memberSet(range(code), flags), 29)).toBe(hashes[`${name}[%s-\u{1f600}]`]);
  });
});

describe('texts as Python 3.13 treats them', () => {
  it.each(Object.keys(samples[0]!))('%s', (name) => {
    for (const sample of samples)
      expect({ text: sample.text, [name]: all(sample.text)[name] }).toEqual({
        text: sample.text,
        [name]: sample[name],
      });
  });

  function all(text: string): Record<string, unknown> {
    return {
      text,
      ...Object.fromEntries(Object.entries({ ...MAPS, ...TESTS }).map(([name, run]) => [name, run(text)])),
      strip: python.strip(text),
      lstrip: python.stripStart(text),
      rstrip: python.stripEnd(text),
      stripped: python.strip(text, 'aB1😀Σ'),
      split: python.splitWords(text),
      splitlines: python.splitLines(text),
    };
  }
});
