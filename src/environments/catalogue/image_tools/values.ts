import {
  JsonNumber,
  parseFloatText,
  parseIntText,
  pythonRegex,
  tryLoadsJson,
} from '../../../python/index.js';
import type { Lossless } from '../../../python/index.js';

/** Arguments of a call, as JSON has them. */
export type Args = ReadonlyMap<string, Lossless>;

/** What cannot be graded; the original says `unknown_error` of it. */
export class Ungradable extends Error {}

const NUMBER = pythonRegex(String.raw`[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?`);

/** `int(value)`, undefined where there is none. Throws for infinity. */
export function toInt(value: Lossless | undefined): number | undefined {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'string') return parseIntText(value);
  if (!(value instanceof JsonNumber) || Number.isNaN(value.value)) return undefined;
  if (!Number.isFinite(value.value)) throw new Ungradable('an integer that is infinite');
  return Math.trunc(value.value) + 0;
}

/** `float(value)`, undefined where there is none. */
export function toFloat(value: Lossless | undefined): number | undefined {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'string') return parseFloatText(value);
  return value instanceof JsonNumber ? value.value : undefined;
}

/** A list, or a text that is one in JSON; undefined for anything else. */
function toList(value: Lossless | undefined): Lossless[] | undefined {
  const list = typeof value === 'string' ? tryLoadsJson(value) : value;
  return Array.isArray(list) ? list : undefined;
}

/** All of them by the function; undefined where one is none or there are not as many. */
function all(
  list: readonly Lossless[] | undefined,
  read: (value: Lossless) => number | undefined,
  count = list?.length,
): number[] | undefined {
  const values = list?.map(read).filter((value) => value !== undefined);
  return values?.length === count && values?.length === list?.length ? values : undefined;
}

export const toColor = (value: Lossless | undefined): number[] | undefined => all(toList(value), toInt, 3);
export const toPoint = (value: Lossless | undefined): number[] | undefined => all(toList(value), toFloat, 2);

/** Numbers of pictures; a single one counts as a list. */
export function toIndices(value: Lossless | undefined): number[] | undefined {
  const read = typeof value === 'string' ? tryLoadsJson(value) : value;
  if (typeof read === 'boolean') return [Number(read)];
  if (read instanceof JsonNumber && !read.isFloat) return [read.value];
  return all(toList(read), toInt);
}

/** A box as left, top, right and bottom, from a list or the first four numbers of a text. */
export function toBox(value: Lossless | undefined): number[] | undefined {
  const read = typeof value === 'string' ? (tryLoadsJson(value) ?? NUMBER.findAll(value).slice(0, 4)) : value;
  const numbers = all(Array.isArray(read) ? read : undefined, toFloat, 4);
  if (numbers === undefined) return undefined;
  const [x1, y1, x2, y2] = numbers as [number, number, number, number];
  return [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
}
