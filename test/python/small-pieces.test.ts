import { describe, expect, it } from 'vitest';
import {
  cleanDoc,
  decodeEscapes,
  EscapeError,
  isTrue,
  loadsJson,
  NumpyRandom,
  percentile,
  roundDigits,
  typeName,
  writePython,
} from '../../src/python/index.js';
import { askPython } from './ask-python.js';

const VALUES = [null, true, false, 0, 1, -2, 1.5, '', ' ', 'x', [], [0], {}, { a: null }];
const NUMBERS = [
  0.125,
  0.375,
  2.675,
  1.005,
  -0.125,
  -2.5,
  0,
  1e-9,
  33.333333,
  99.995,
  1234567.885,
  0.2 + 0.8 / 3,
];
const ESCAPED = [
  ...[
    'a\\nb',
    '\\x41\\u00e9\\U0001F600',
    'é\\d',
    '\\101\\0',
    '\\q',
    'a\\\nb',
    '\\"\\\'',
    '\\x4',
    '\\u12',
    '\\',
  ],
  ...['😀', 'plain', '\\x4g', '\\777'],
];
const DOCS = ['One.', 'One.\n\n    Two\n      three\n    ', '\n  a\n b\n', '', '   x\n\ty'];

describe("Python's small pieces", () => {
  it('tells what counts as true, and the names of types', (context) => {
    const answers = askPython<[boolean, string]>('out = [bool(given), type(given).__name__]', VALUES);
    if (answers === undefined) context.skip();
    else expect(VALUES.map((value) => [isTrue(value), typeName(value)])).toEqual(answers);
  });

  it('rounds to digits', (context) => {
    const body = 'out = [round(given, 2), round(given, 1), round(given, 0)]';
    const answers = askPython<number[]>(body, NUMBERS);
    if (answers === undefined) context.skip();
    else {
      const found = NUMBERS.map((number) => [2, 1, 0].map((digits) => roundDigits(number, digits) + 0));
      expect(found).toEqual(answers.map((row) => row.map((number) => number + 0)));
    }
  });

  it('decodes escapes, and raises where Python does', (context) => {
    const body = [
      'import codecs, warnings',
      "warnings.simplefilter('ignore')",
      'try: out = codecs.decode(given, "unicode_escape")',
      'except UnicodeDecodeError: out = None',
    ].join('\n');
    const answers = askPython<string | null>(body, ESCAPED);
    if (answers === undefined) context.skip();
    const decoded = (text: string): string | null => {
      try {
        return decodeEscapes(text);
      } catch (error) {
        expect(error).toBeInstanceOf(EscapeError);
        return null;
      }
    };
    if (answers !== undefined) expect(ESCAPED.map(decoded)).toEqual(answers);
  });

  it('takes the indentation off a docstring', (context) => {
    const answers = askPython<string>('import inspect\nout = inspect.cleandoc(given)', DOCS);
    if (answers === undefined) context.skip();
    else expect(DOCS.map(cleanDoc)).toEqual(answers);
  });

  it('writes JSON with sorted keys and without blanks', (context) => {
    const values = [{ b: [1, { z: 1, a: 2 }], a: 'é' }, [], 1.5];
    const body =
      "out = [json.dumps(given, sort_keys=True), json.dumps(given, sort_keys=True, separators=(',', ':'))]";
    const answers = askPython<string[]>(body, values);
    if (answers === undefined) context.skip();
    else {
      const found = values.map((value) => {
        const read = loadsJson(JSON.stringify(value));
        return [writePython(read, { sorted: true }), writePython(read, { sorted: true, compact: true })];
      });
      expect(found).toEqual(answers);
    }
  });

  it('refuses a key that comes twice where it is asked to', () => {
    expect(() => loadsJson('{"a": {"b": 1, "b": 2}}', { unique: true })).toThrow(/Duplicate key/);
    expect(loadsJson('{"a": 1, "a": 2}')).toEqual(loadsJson('{"a": 2}'));
  });
});

const DRAWN = {
  tens: [6, 3, 7, 4, 6, 9, 2, 6, 7, 4, 3, 7],
  thousands: [663, 130, 661, 308],
  sixes: [2, 3, 4, 3, 2],
};

describe("numpy's older generator", () => {
  // np.random.seed(42); np.random.choice(10, size=12); np.random.choice(1000, size=4); np.random.choice(1, size=2)
  it('draws as numpy does', () => {
    const random = new NumpyRandom(42);
    expect(random.choice(10, 12)).toEqual(DRAWN.tens);
    expect(random.choice(1000, 4)).toEqual(DRAWN.thousands);
    expect(random.choice(1, 2)).toEqual([0, 0]);
    expect(random.choice(6, 700).slice(-5)).toEqual(DRAWN.sixes);
  });

  it('finds percentiles between values', () => {
    expect(percentile([4, 1, 3], 50)).toBe(3);
    expect(percentile([1, 2, 3, 4], 2.5)).toBeCloseTo(1.075, 12);
    expect(percentile([7], 97.5)).toBe(7);
  });
});
