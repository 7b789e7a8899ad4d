import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/environments/kit/seeded-random.js';
import {
  lenientBool,
  lenientFloat,
  parseFloatText,
  parseIntText,
  SequenceMatcher,
  unescapeHtml,
} from '../../src/python/index.js';
import { askPython } from './ask-python.js';

const random = seededRandom(11, 4);
const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!;
const word = (letters: readonly string[], longest: number): string =>
  Array.from({ length: Math.floor(random() * (longest + 1)) }, () => pick(letters)).join('');

describe('float() and int()', () => {
  const PIECES = [
    '1',
    '0',
    '23',
    '_',
    '.',
    'e',
    'E',
    '+',
    '-',
    ' ',
    '\u3000',
    '٣',
    '７',
    'inf',
    'nan',
    'Infinity',
    'x',
    '²',
    '𝟗',
  ];
  const texts = [
    '',
    '1_000',
    '1__0',
    '_1',
    '.5',
    '5.',
    '.',
    '1e5',
    '1e',
    'iNF',
    '-nan',
    '+infinity',
    '0x10',
    '𝟎𝟗',
    '\ufeff1',
  ];
  for (let i = 0; i < 3000; i++) texts.push(word(PIECES, 5));

  it.each([
    ['float', parseFloatText],
    ['int', parseIntText],
  ] as const)('%s: reads and refuses as Python does', (name, read) => {
    const body = `try:\n    out = repr(float(${name}(given)))\nexcept ValueError:\n    out = None`;
    const answers = askPython<string | null>(body, texts);
    if (answers === undefined) return;
    const wrong = texts.filter((text, i) => {
      const [found, told] = [read(text), answers[i]];
      if (told == null) return found !== undefined;
      return (
        found === undefined ||
        !Object.is(found, Number(told.replace('inf', 'Infinity').replace('nan', 'NaN')))
      );
    });
    expect(wrong).toEqual([]);
  });
});

describe('values that pydantic takes', () => {
  it('reads floats and booleans', () => {
    expect(['0.5', ' 1 ', true, 3, '1e2'].map((value) => lenientFloat.parse(value))).toEqual([
      0.5, 1, 1, 3, 100,
    ]);
    for (const value of [null, 'x', '', [], {}, undefined])
      expect(lenientFloat.safeParse(value).success).toBe(false);
    expect([true, 1, 0, 'Yes', 'off', 'T', 'n'].map((value) => lenientBool.parse(value))).toEqual([
      true,
      true,
      false,
      true,
      false,
      true,
      false,
    ]);
    for (const value of [null, 2, 'x', '', [], {}]) expect(lenientBool.safeParse(value).success).toBe(false);
  });
});

describe('html.unescape', () => {
  it('knows every reference, and what is nearly one', () => {
    const PIECES = [
      '&',
      '#',
      'x',
      '8',
      '41',
      '0',
      'd8',
      '10ffff',
      ';',
      'amp',
      'lt',
      'notit',
      'no',
      'copy',
      'Beta',
      'acE',
      ' ',
      'é',
    ];
    const texts = [
      '&lt;b&gt;',
      '&#0;',
      '&#x80;',
      '&#13;',
      '&#xfffe;',
      '&#x7f;',
      '&notin;',
      '&notit;',
      '&#x110000;',
      '&NotEqualTilde;',
    ];
    for (let i = 0; i < 2000; i++) texts.push(`&${word(PIECES, 6)}`);
    const answers = askPython<string>('import html\nout = html.unescape(given)', texts);
    if (answers === undefined) return;
    expect(texts.map(unescapeHtml)).toEqual(answers);
  });
});

describe('difflib.SequenceMatcher', () => {
  const near = (text: string): string => {
    const letters = Array.from(text);
    for (let left = Math.floor(random() * 6); left > 0; left--) {
      letters.splice(
        Math.floor(random() * letters.length),
        Math.floor(random() * 9),
        word(['a', 'b', '😀', ' '], 4),
      );
    }
    return letters.join('');
  };
  const pairs: [string, string][] = [
    ['', ''],
    ['a', ''],
    ['', 'a'],
    ['😀x', 'x😀'],
  ];
  for (let i = 0; i < 150; i++) {
    const text = word(
      pick([['a', 'b'], ['a', 'b', 'c', 'd', ' ', '😀'], Array.from('the quick brown fox, 0123456789')]),
      pick([10, 60, 199, 260, 420]),
    );
    pairs.push([near(text), text], [text, near(text)]);
  }

  it('gives the same ratio and longest match, popular characters left out or not', () => {
    const body = [
      'from difflib import SequenceMatcher',
      'a, b = given',
      'm, n = SequenceMatcher(None, a, b), SequenceMatcher(None, a, b, autojunk=False)',
      'out = [m.ratio(), n.ratio(), list(m.find_longest_match(0, len(a), 0, len(b))), list(n.find_longest_match(0, len(a), 0, len(b)))]',
    ].join('\n');
    const answers = askPython<unknown[]>(body, pairs);
    if (answers === undefined) return;
    const found = pairs.map(([a, b]) => {
      const matchers = [new SequenceMatcher(a, b), new SequenceMatcher(a, b, { autojunk: false })];
      const blocks = matchers.map((matcher) => matcher.longestMatch());
      return [
        ...matchers.map((matcher) => matcher.ratio()),
        ...blocks.map((block) => [block.a, block.b, block.size]),
      ];
    });
    expect(found).toEqual(answers);
    expect(found.filter(([one, two]) => one !== two).length).toBeGreaterThan(20);
  });
});
