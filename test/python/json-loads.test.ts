import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/environments/kit/seeded-random.js';
import { asLossless, jsonFault, loadsJson, plainJson, tryLoadsJson } from '../../src/python/index.js';
import { pythonRepr } from '../../src/python/index.js';
import { askPython } from './ask-python.js';

const SEEDS = [
  '{"a": [1, 2.0, -0, -0.0, 1e5, 1E-7], "b": {"c": null, "d": [true, false]}, "é😀": "x\\ud83d\\ude00\\n"}',
  '[NaN, Infinity, -Infinity, 12345678901234567890123, 0.1]',
  '"a\\u00e9\\t\\"\\\\/\\/"',
  ' [ ] ',
  '{ }\n',
  '[[[]], {"a": {}}, "",\n "x"]',
];
const LETTERS = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  ':',
  ' ',
  '\n',
  '\\',
  'u',
  '0',
  '1',
  '-',
  '.',
  'e',
  'N',
  'n',
  'é',
  '😀',
  '\t',
];

function mutated(count: number): string[] {
  const random = seededRandom(7, 0);
  const at = (length: number) => Math.floor(random() * length);
  return Array.from({ length: count }, () => {
    const characters = Array.from(SEEDS[at(SEEDS.length)]!);
    for (let left = 1 + at(2); left > 0; left--) {
      const letter = LETTERS[at(LETTERS.length)]!;
      characters.splice(at(characters.length + 1), at(3), ...(random() < 0.7 ? [letter] : []));
    }
    return characters.join('');
  });
}

function ours(text: string): string {
  try {
    return pythonRepr(loadsJson(text));
  } catch (error) {
    return `! ${(error as Error).message}`;
  }
}

const BODY = `try:
    out = repr(json.loads(given))
except ValueError as error:
    out = '! ' + str(error)`;

describe('json.loads', () => {
  it('reads and refuses as Python does, with its words and places', (context) => {
    const texts = [
      ...SEEDS,
      '',
      '\ufeff1',
      '"\\u12"',
      '"a',
      '"\\',
      '"\\x"',
      '1 2',
      '[1,]',
      '{"a":1,}',
      ...mutated(3000),
    ];
    const answers = askPython<string>(BODY, texts);
    if (answers === undefined) {
      context.skip();
      return;
    }
    const found = texts.map(ours);
    // Before 3.13 a comma at the end had no message of its own.
    const wrong = texts
      .map((text, index) => ({ text, ours: found[index]!, python: answers[index]! }))
      .filter((one) => one.ours !== one.python && !one.ours.includes('Illegal trailing comma'));
    expect(wrong).toEqual([]);
    expect(found.filter((one) => !one.startsWith('!')).length).toBeGreaterThan(300);
  });

  it('gives plain values, and takes them', () => {
    expect(plainJson(loadsJson('{"a": [1, 2.5, null, true, "x"]}'))).toEqual({
      a: [1, 2.5, null, true, 'x'],
    });
    expect(tryLoadsJson('{')).toBeUndefined();
    expect(pythonRepr(asLossless({ a: [1, 2.5, 1e22, 'x'] }))).toBe(
      "{'a': [1, 2.5, 10000000000000000000000, 'x']}",
    );
  });
});

describe('faults of JSON', () => {
  it('are told in Python’s words, with their place in code points', () => {
    expect(jsonFault('{"é😀":1}\n x')).toMatchObject({
      message: 'Extra data: line 2 column 2 (char 10)',
      problem: 'Extra data',
      at: 10,
    });
    expect(jsonFault('{"a":1,}')).toMatchObject({
      problem: 'Illegal trailing comma before end of object',
      at: 6,
    });
  });

  it('are none in what Python takes', () => {
    for (const text of [' [1, -0.5e3, "\\u00e9", null] ', 'NaN', '[Infinity, -Infinity]']) {
      expect(jsonFault(text)).toBeNull();
    }
  });

  it('are told of what is nested without end, too', () => {
    expect(jsonFault('['.repeat(200_000))).toMatchObject({ problem: 'nested too deeply' });
  });
});
