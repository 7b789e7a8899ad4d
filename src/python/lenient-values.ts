import { z } from 'zod';
import { parseFloatText } from './number-text.js';

const TRUE = ['1', 'true', 't', 'yes', 'y', 'on'];
const FALSE = ['0', 'false', 'f', 'no', 'n', 'off'];

/** A float as pydantic reads it by default: numbers, texts of numbers and booleans. Source: pydantic's conversion table. */
export const lenientFloat = z.unknown().transform((value, context): number => {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number') return value;
  const read = typeof value === 'string' ? parseFloatText(value) : undefined;
  if (read !== undefined) return read;
  context.addIssue({ code: 'custom', message: 'Input should be a valid number' });
  return z.NEVER;
});

/** A boolean as pydantic reads it by default: also 0 and 1, and words such as `yes` and `off`. Source: as above. */
export const lenientBool = z.unknown().transform((value, context): boolean => {
  if (typeof value === 'boolean') return value;
  const word = String(value).toLowerCase();
  if (typeof value === 'number' || typeof value === 'string') {
    if (TRUE.includes(word)) return true;
    if (FALSE.includes(word)) return false;
  }
  context.addIssue({ code: 'custom', message: 'Input should be a valid boolean' });
  return z.NEVER;
});
