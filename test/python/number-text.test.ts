import { describe, expect, it } from 'vitest';
import { parseFloatText, parseIntText } from '../../src/python/index.js';
import { askPython } from './ask-python.js';

const PARTS = [
  '',
  '+',
  '-',
  '1',
  '42',
  '007',
  '_',
  '.',
  'e',
  'E5',
  'e-3',
  ' ',
  '\u001c',
  '\n',
  '٣',
  '𝟗',
  '½',
  '²',
  'inf',
  'NaN',
  'Infinity',
  'x',
  '1_000',
  '__',
  '\ufeff',
  '1e400',
];
const TEXTS = PARTS.flatMap((a) => PARTS.flatMap((b) => ['', '.5', '_1', ' '].map((c) => a + b + c)));

const BODY = `out = []
for kind in (int, float):
    try: out.append(repr(kind(given)))
    except ValueError: out.append(None)`;

const float = (text: string): string | null => {
  const value = parseFloatText(text);
  return value === undefined ? null : String(value);
};

describe('int() and float() of a text', () => {
  it('reads and refuses what Python does', (context) => {
    const answers = askPython<[string | null, string | null]>(BODY, TEXTS);
    if (answers === undefined) {
      context.skip();
      return;
    }
    const wrong = TEXTS.map((text, index) => ({
      text,
      int: parseIntText(text)?.toString() ?? null,
      float: float(text),
      python: answers[index]!,
    })).filter(
      (one) =>
        one.int !== one.python[0] ||
        (one.float === null) !== (one.python[1] === null) ||
        (one.float !== null &&
          !Object.is(Number(one.float), Number(one.python[1]!.replace('inf', 'Infinity')))),
    );
    expect(wrong).toEqual([]);
  });
});
