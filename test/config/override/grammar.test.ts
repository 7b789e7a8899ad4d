import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Value } from '../../../src/config/grammar/index.js';
import { Dict } from '../../../src/config/grammar/index.js';
import { parseOverride } from '../../../src/config/override/index.js';
import { Float } from '../../../src/config/tree/index.js';
import { NgError } from '../../../src/errors/index.js';
import { printValue } from '../print-value.js';

/** Comparable form: floats marked, mappings as entries in order. */
function plain(value: Value | undefined): unknown {
  if (value instanceof Float) return `float ${value.toString()}`;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Dict)
    return { dict: value.entries.map((entry) => [plain(entry.key), plain(entry.value)]) };
  return value;
}

function valueOf(text: string): unknown {
  return plain(parseOverride(`+a=${text}`).value);
}

function messageOf(token: string): string {
  try {
    parseOverride(token);
  } catch (error) {
    if (error instanceof NgError) return error.message;
    throw error;
  }
  throw new Error(`${token} was not refused`);
}

/** Our own notation of a tree of values, without what a dictionary key cannot be. */
const { value: anyValue } = fc.letrec<{ value: Value; leaf: Value }>((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger().map((int) => int + 0),
    fc.double({ noDefaultInfinity: false }).map((float) => new Float(float)),
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom("'", '"', '\\', '$', '{', '}', 'a', ' ', ',') }),
  ),
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    tie('leaf'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_ /.:=,[\]-]{0,8}[a-z]$/), tie('value')), {
        maxLength: 4,
      })
      .map((pairs) => {
        const dict = new Dict();
        for (const [key, value] of pairs) if (!/^(inf|nan|true|false|null)$/i.test(key)) dict.set(key, value);
        return dict;
      }),
  ),
}));

describe('override grammar', () => {
  it('reads back every value that is written with quotes', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(plain(parseOverride(`++some.key=${printValue(value)}`).value)).toEqual(plain(value));
      }),
      { numRuns: 500 },
    );
  });

  it('throws nothing but NgError', () => {
    const pieces = fc.constantFrom(
      '+',
      '~',
      '=',
      'a',
      'b.c',
      '[',
      ']',
      '{',
      '}',
      ',',
      ':',
      "'",
      '"',
      '\\',
      '${',
      '(',
      ')',
      ' ',
      '1',
      '1.',
      'int',
      'sort',
      'é',
      '\n',
      '@',
      '/',
    );
    const token = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          token,
          token.map((text) => `+a=${text}`),
        ),
        (text) => {
          try {
            parseOverride(text);
          } catch (error) {
            expect(error).toBeInstanceOf(NgError);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['5', 5],
    ['1_000', 1000],
    ['01', '01'],
    ['1.', 'float 1.0'],
    ['.5', 'float 0.5'],
    ['1e-7', 'float 1e-07'],
    ['1e16', 'float 1e+16'],
    ['123456789.5', 'float 123456789.5'],
    ['0x1f', '0x1f'],
    ['yes', 'yes'],
    ['TRUE', true],
    ['a: b', 'a: b'],
    ['', ''],
    ["'a\\\\'", 'a\\'],
    ["'say \\'hi\\''", "say 'hi'"],
    ['int(2.9)', 2],
    ['int("12")', 12],
    ['float([1,2])', ['float 1.0', 'float 2.0']],
    ['bool(0)', false],
    ['str(1.0)', '1.0'],
    ['str(null)', 'null'],
    ['sort([3,1,2])', [1, 2, 3]],
    ['sort([b,a,c],reverse=true)', ['c', 'b', 'a']],
    ['{a:{b:[1,x y]}}', { dict: [['a', { dict: [['b', [1, 'x y']]] }]] }],
  ])('reads %s', (text, expected) => {
    expect(valueOf(text)).toEqual(expected);
  });

  it.each([
    ['+a=[1', /never closed/],
    ['+a=[1,]', /a value is missing before "\]"/],
    ["+a='x", /quote is never closed/],
    ['+a=x=y', /"=" cannot stand unquoted/],
    ['+a', /"=" expected/],
    ['+a[0]=1', /a key cannot have brackets/],
    ['+a@b=1', /packages/],
    ['+a=f(x)', /unknown function "f"/],
    ['+a=shuffle([1,2])', /another configuration each time/],
    ['+a=range(3)', /several runs/],
    ['+a=int(x)', /cannot become int/],
    ['+a=12345678901234567890', /too large/],
    ['--limit', /"-" cannot stand in a key/],
  ])('says what is wrong with %s', (token, message) => {
    expect(messageOf(token)).toMatch(message);
  });

  it('marks the column', () => {
    const lines = messageOf('+some.key=[a, b&c]').split('\n');
    expect(lines[1]!.charAt(lines[2]!.indexOf('^'))).toBe('&');
  });
});
