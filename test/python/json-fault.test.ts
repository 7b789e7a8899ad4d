import { describe, expect, it } from 'vitest';
import { describeJsonFault, jsonFault } from '../../src/python/index.js';

/** Text, and what `json.loads` of Python 3.13 says to it. */
const CASES: readonly [string, string][] = [
  ['', 'Expecting value: line 1 column 1 (char 0)'],
  ['{', 'Expecting property name enclosed in double quotes: line 1 column 2 (char 1)'],
  ['{"a":', 'Expecting value: line 1 column 6 (char 5)'],
  ['{"a":1,}', 'Illegal trailing comma before end of object: line 1 column 7 (char 6)'],
  ['[1,]', 'Illegal trailing comma before end of array: line 1 column 3 (char 2)'],
  ['{"a" 1}', "Expecting ':' delimiter: line 1 column 6 (char 5)"],
  ['{"a":1 "b"}', "Expecting ',' delimiter: line 1 column 8 (char 7)"],
  ['[1 2]', "Expecting ',' delimiter: line 1 column 4 (char 3)"],
  ['"abc', 'Unterminated string starting at: line 1 column 1 (char 0)'],
  ['"a\tb"', 'Invalid control character at: line 1 column 3 (char 2)'],
  ['"\\x"', 'Invalid \\escape: line 1 column 2 (char 1)'],
  ['"\\u12"', 'Invalid \\uXXXX escape: line 1 column 3 (char 2)'],
  ['{"é😀":1}\n x', 'Extra data: line 2 column 2 (char 10)'],
  ['01', 'Extra data: line 1 column 2 (char 1)'],
];

describe('faults of JSON', () => {
  it.each(CASES)('%j', (text, words) => {
    const fault = jsonFault(text);
    expect(fault === null ? null : describeJsonFault(text, fault)).toBe(words);
  });

  it('are none in what Python takes', () => {
    for (const text of ['{}', ' [1, -0.5e3, "\\u00e9", null] ', 'NaN', '[Infinity, -Infinity]', '"😀"']) {
      expect(jsonFault(text)).toBeNull();
    }
  });
});
