import { z } from 'zod';
import { lenientInt } from '../../python/index.js';

/** Rows of whole numbers, as a puzzle's row holds them. */
export const grid = z.array(z.array(lenientInt));

/** True for at least one row, and numbers in all of them; rows may differ in length. */
export function isGrid(value: unknown): value is number[][] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((row) => Array.isArray(row) && row.every((cell) => typeof cell === 'number'))
  );
}
