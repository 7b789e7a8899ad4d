import type { Json, JsonObject } from '../../protocol/index.js';
import { characters } from '../../python/index.js';
import { described, type Faults, type Kind, type Loc } from './fault.js';

/** A regular expression, as we match it and as it is printed. */
export interface Pattern {
  readonly matches: RegExp;
  readonly printed: string;
}

export interface TextLimits {
  /** Unit: characters (code points). */
  readonly max?: number;
  readonly min?: number;
  readonly pattern?: Pattern;
}

export function text({ max, min, pattern }: TextLimits = {}): Kind {
  return described(
    {
      type: 'string',
      ...(max !== undefined && { maxLength: max }),
      ...(min !== undefined && { minLength: min }),
      ...(pattern !== undefined && { pattern: pattern.printed }),
    },
    (value, at, faults) => {
      if (typeof value !== 'string')
        return faults.add('string_type', at, 'Input should be a valid string', value);
      // A text has at least half as many characters as units.
      const length = max !== undefined && value.length > max ? characters(value).length : value.length;
      if (max !== undefined && length > max) {
        const ctx = { max_length: max };
        return faults.add(
          'string_too_long',
          at,
          `String should have at most ${max} character${max === 1 ? '' : 's'}`,
          value,
          ctx,
        );
      }
      if (min !== undefined && length < min) {
        const ctx = { min_length: min };
        return faults.add(
          'string_too_short',
          at,
          `String should have at least ${min} character${min === 1 ? '' : 's'}`,
          value,
          ctx,
        );
      }
      if (pattern !== undefined && !pattern.matches.test(value)) {
        const ctx = { pattern: pattern.printed };
        return faults.add(
          'string_pattern_mismatch',
          at,
          `String should match pattern '${pattern.printed}'`,
          value,
          ctx,
        );
      }
      return value;
    },
  );
}

export interface NumberLimits {
  readonly ge?: number;
  readonly gt?: number;
  readonly le?: number;
}

const INTEGER = /^\s*[-+]?\d+(?:_\d+)*(?:\.0*)?\s*$/;

/** Whole numbers; texts and fractions that are one count, as in the reference's lax mode. */
export function integer(limits: NumberLimits = {}): Kind {
  return described({ type: 'integer', ...bounds(limits) }, (value, at, faults) => {
    let read: number;
    if (typeof value === 'boolean') read = Number(value);
    else if (typeof value === 'string') {
      if (!INTEGER.test(value)) {
        return faults.add(
          'int_parsing',
          at,
          'Input should be a valid integer, unable to parse string as an integer',
          value,
        );
      }
      read = Number(value.replaceAll('_', ''));
    } else if (typeof value !== 'number') {
      return faults.add('int_type', at, 'Input should be a valid integer', value);
    } else if (!Number.isInteger(value)) {
      return faults.add(
        'int_from_float',
        at,
        'Input should be a valid integer, got a number with a fractional part',
        value,
      );
    } else read = value;
    return within(read, value, limits, at, faults);
  });
}

export function number(limits: NumberLimits = {}): Kind {
  return described({ type: 'number', ...bounds(limits) }, (value, at, faults) => {
    if (typeof value === 'boolean') return within(Number(value), value, limits, at, faults);
    if (typeof value === 'string') {
      const read = value.trim() === '' ? NaN : Number(value);
      if (!Number.isNaN(read)) return within(read, value, limits, at, faults);
      return faults.add(
        'float_parsing',
        at,
        'Input should be a valid number, unable to parse string as a number',
        value,
      );
    }
    if (typeof value !== 'number')
      return faults.add('float_type', at, 'Input should be a valid number', value);
    return within(value, value, limits, at, faults);
  });
}

function bounds({ ge, gt, le }: NumberLimits): JsonObject {
  return {
    ...(ge !== undefined && { minimum: ge }),
    ...(gt !== undefined && { exclusiveMinimum: gt }),
    ...(le !== undefined && { maximum: le }),
  };
}

function within(
  read: number,
  given: Json,
  { ge, gt, le }: NumberLimits,
  at: Loc,
  faults: Faults,
): Json | undefined {
  if (ge !== undefined && read < ge) {
    return faults.add('greater_than_equal', at, `Input should be greater than or equal to ${ge}`, given, {
      ge,
    });
  }
  if (gt !== undefined && read <= gt) {
    return faults.add('greater_than', at, `Input should be greater than ${gt}`, given, { gt });
  }
  if (le !== undefined && read > le) {
    return faults.add('less_than_equal', at, `Input should be less than or equal to ${le}`, given, { le });
  }
  return read;
}

const TRUE = new Set(['1', 'on', 't', 'true', 'y', 'yes']);
const FALSE = new Set(['0', 'off', 'f', 'false', 'n', 'no']);

/** Booleans, and the words and numbers that the reference takes for one. */
export const boolean: Kind = described({ type: 'boolean' }, (value, at, faults) => {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string' || typeof value === 'number') {
    const word = String(value).toLowerCase();
    if (TRUE.has(word)) return true;
    if (FALSE.has(word)) return false;
    return faults.add(
      'bool_parsing',
      at,
      'Input should be a valid boolean, unable to interpret input',
      value,
    );
  }
  return faults.add('bool_type', at, 'Input should be a valid boolean', value);
});

/** One of several words. */
export function oneOf(words: readonly string[], type: 'enum' | 'literal_error' = 'enum'): Kind {
  const expected = listed(words);
  return described({ type: 'string', enum: [...words] }, (value, at, faults) =>
    typeof value === 'string' && words.includes(value)
      ? value
      : faults.add(type, at, `Input should be ${expected}`, value, { expected }),
  );
}

/** `'a', 'b' or 'c'` */
function listed(words: readonly string[]): string {
  const quoted = words.map((word) => `'${word}'`);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)!}`;
}

/** An absolute URL, kept as it was given. */
export const url: Kind = described({ type: 'string', format: 'uri' }, (value, at, faults) => {
  const kind = 'url_parsing';
  if (typeof value !== 'string')
    return faults.add('url_type', at, 'URL input should be a string or URL', value);
  if (value === '')
    return faults.add(kind, at, 'Input should be a valid URL, input is empty', value, {
      error: 'input is empty',
    });
  if (URL.canParse(value)) return value;
  const error = /^[a-z][a-z0-9+.-]*:/i.test(value) ? 'empty host' : 'relative URL without a base';
  return faults.add(kind, at, `Input should be a valid URL, ${error}`, value, { error });
});

export const anything: Kind = described({}, (value) => value);
