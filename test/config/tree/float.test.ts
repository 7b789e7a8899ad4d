import { describe, expect, it } from 'vitest';
import { Float } from '../../../src/config/tree/index.js';

describe("Python's text of a float", () => {
  it.each<[number, string]>([
    [1, '1.0'],
    [-0, '-0.0'],
    [0.1, '0.1'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [1.5e-7, '1.5e-07'],
    [1e15, '1000000000000000.0'],
    [1e16, '1e+16'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [5e-324, '5e-324'],
    [-123456.789, '-123456.789'],
    [NaN, 'nan'],
    [-Infinity, '-inf'],
  ])('%d is %s', (value, text) => {
    expect(new Float(value).toString()).toBe(text);
  });
});
