import { z } from 'zod';

/**
 * An integer as pydantic reads it by default: integral floats, digit strings and booleans count; 5.5 and null
 * do not. Source of the rule: pydantic's conversion table.
 */
export const lenientInt = z.unknown().transform((value, context): number => {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  if (typeof value === 'string' && /^\s*[+-]?\d+(?:_\d+)*(?:\.0*)?\s*$/.test(value)) {
    return Number(value.replaceAll('_', ''));
  }
  context.addIssue({ code: 'custom', message: 'Input should be a valid integer' });
  return z.NEVER;
});
