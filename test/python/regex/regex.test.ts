import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  compilePattern,
  escapePattern,
  PythonRegexError,
  RegexBudgetError,
} from '../../../src/python/index.js';
import { difference, ourAnswer } from './oracle.js';
import type { Answer, Case } from './oracle.js';

function readLines<Line>(name: string): Line[] {
  const file = path.resolve(import.meta.dirname, '../../fixtures/python', name);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Line);
}

/** What CPython 3.13 gives: see make_regex.py beside it. */
const CASES = readLines<Case & { answer: Answer }>('regex.jsonl');
/** What `re.findall` of CPython 3.11 gives. */
const FOUND = readLines<{ pattern: string; flags: string; text: string; found: string[] }>(
  'regex-findall.jsonl',
);

describe('a compiled pattern', () => {
  it.each(CASES)('does what Python does: $pattern ($flags) on $text', ({ answer, ...given }) => {
    expect(difference(ourAnswer(given), answer, true)).toBeUndefined();
  });

  it('finds what Python finds', () => {
    expect(FOUND.length).toBeGreaterThan(200);
    for (const { pattern, flags, text, found } of FOUND) {
      const regex = compilePattern(pattern, {
        ignoreCase: flags.includes('i'),
        multiline: flags.includes('m'),
      });
      expect({ pattern, text, found: regex.findAll(text) }).toEqual({ pattern, text, found });
    }
  });

  it('names the pattern and the problem in an error', () => {
    const compile = () => compilePattern('a(');
    expect(compile).toThrow(PythonRegexError);
    expect(compile).toThrow('Regular expression "a(": missing ), unterminated subpattern at position 1');
  });

  it.each([
    [String.raw`\N{BULLET}`, 'not supported here'],
    [`${'('.repeat(20_000)}a${')'.repeat(20_000)}`, 'more than 500 groups inside each other'],
    ['(?:'.repeat(20_000), 'more than 500 groups inside each other'],
    ['(?=(?!(?>(?i:'.repeat(5000), 'more than 500 groups inside each other'],
    [`(a)${'(?(1)'.repeat(20_000)}`, 'more than 500 groups inside each other'],
  ])('says what it does not support', (pattern, problem) => {
    const compile = () => compilePattern(pattern);
    expect(compile).toThrow(PythonRegexError);
    expect(compile).toThrow(
      expect.objectContaining({ unsupported: true, message: expect.stringContaining(problem) }),
    );
  });

  it('takes groups as deep as Python does', () => {
    const deep = compilePattern(`${'('.repeat(495)}a${')'.repeat(495)}`);
    expect(deep.search('ba')?.span(495)).toEqual([1, 2]);
  });

  it('takes a pattern of very many branches', () => {
    const words = Array.from({ length: 70_000 }, (_, n) => n.toString(36).padStart(5, '0'));
    expect(compilePattern(`(?<=-)(?:${words.join('|')})`).findAll('0000a -0000b -zzzzz')).toEqual(['0000b']);
    expect(
      compilePattern(words.map((word) => `[${word}]`).join('|'))
        .search('!!a')
        ?.start(),
    ).toBe(2);
  });

  it('counts offsets as JavaScript does', () => {
    const match = compilePattern('(?P<face>😁)(x)?').search('😀😁!')!;
    expect([match.span(), match.span('face'), match.span(2)]).toEqual([
      [2, 4],
      [2, 4],
      [-1, -1],
    ]);
    expect('😀😁!'.slice(match.start(), match.end())).toBe(match.group());
    expect(match.groups()).toEqual(['😁', undefined]);
    expect(match.groupDict()).toEqual({ face: '😁' });
    expect(match.expand(String.raw`[\g<face>\2]`)).toBe('[😁]');
    expect(() => match.group('other')).toThrow(RangeError);
    expect(() => match.group(3)).toThrow(RangeError);
  });

  it('finds, splits and replaces', () => {
    const pairs = compilePattern(String.raw`(\w)=(\d)?`);
    expect(pairs.findTuples('a=1 b=')).toEqual([
      ['a', '1'],
      ['b', ''],
    ]);
    expect(() => pairs.findAll('a=1')).toThrow(RangeError);
    expect(pairs.split('a=1,b=', { maxSplit: 1 })).toEqual(['', 'a', '1', ',b=']);
    expect(pairs.sub((match) => match.group(1)!.toUpperCase(), 'a=1 b=2', { count: 1 })).toBe('A b=2');
    expect(pairs.match('xa=1')).toBeUndefined();
    expect(pairs.match('a=1 ')?.group()).toBe('a=1');
    expect(pairs.fullMatch('a=1 ')).toBeUndefined();
  });
});

describe('an escaped text', () => {
  it('means itself, also under VERBOSE', () => {
    const text = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).join('') + 'é😀';
    const escaped = escapePattern(text);
    expect(compilePattern(escaped, { verbose: true }).fullMatch(text)).toBeDefined();
    // What `re.escape` of CPython 3.13 gives.
    expect(escapePattern('a-b c.[1]#~&"@_')).toBe(String.raw`a\-b\ c\.\[1\]\#\~\&"@_`);
  });
});

describe('the step budget', () => {
  it.each(['(a+)+$', '^(a|aa)+$', '(a|b|ab|a)*$', '(?:a*)*$', '(?:(a+)(?!x))*$', '(?:a?){30}a{30}$'])(
    'ends %s after the same number of steps everywhere',
    (pattern) => {
      const regex = compilePattern(pattern);
      const text = `${'a'.repeat(40)}!`;
      const run = (budget: number) => () => regex.findAll(text, { budget });
      expect(run(50_000)).toThrow(RegexBudgetError);
      expect(run(50_000)).toThrow('needs more than 50000 steps on this text');
    },
  );

  it('counts steps exactly', () => {
    const regex = compilePattern('(a+)+$');
    const text = `${'a'.repeat(12)}!`;
    const fits = (budget: number): boolean => {
      try {
        regex.findAll(text, { budget });
        return true;
      } catch {
        return false;
      }
    };
    let [low, high] = [0, 1_000_000];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (fits(middle)) high = middle;
      else low = middle + 1;
    }
    expect(low).toBe(65_527);
  });

  it.each(['(a|b)*', '(?:a|b|(c))*', '(?:(?=a)a|b)*+', '(?:(a)|(b))*?$', '(?>(?:ab)*)', 'a.*b', '(?:ab)*c|'])(
    'lets %s through a text of a million characters',
    (pattern) => {
      const text = 'ab'.repeat(500_000);
      expect(compilePattern(pattern).match(text)).toBeDefined();
    },
  );
});
