import { isObject } from '../../../protocol/index.js';
import {
  asLossless,
  JsonNumber,
  parseIntText,
  pythonStr,
  strip,
  tryLoadsJson,
} from '../../../python/index.js';
import type { Lossless } from '../../../python/index.js';
import { kindOf } from './tools.js';
import type { ToolKind } from './tools.js';

/** What cannot be compared at all: the reference gives up there, with a failure of its own. */
export class Incomparable extends Error {}

/** One call of a tool. */
export interface Action {
  readonly name: string;
  readonly kind: ToolKind;
  readonly args: Lossless;
}

/** A call as it is written in a row or a reply; arguments that are no JSON count as none. */
export function readAction({ name, arguments: args }: { name: unknown; arguments?: unknown }): Action {
  if (typeof name !== 'string') throw new Incomparable('the name of the call is no text');
  return { name, kind: kindOf(name), args: readArguments(args) ?? new Map<string, Lossless>() };
}

function readArguments(args: unknown): Lossless | undefined {
  if (typeof args === 'string') return tryLoadsJson(args);
  if (args instanceof Map) return args as Lossless;
  return isObject(args) ? asLossless(args) : undefined;
}

/** `key in args`, whatever the arguments are. */
export function has(args: Lossless, key: string): boolean {
  if (args instanceof Map) return args.has(key);
  if (Array.isArray(args) || typeof args === 'string') {
    if (args.includes(key)) throw new Incomparable('the arguments are no object');
    return false;
  }
  throw new Incomparable('the arguments are no object');
}

/** `args.get(key)` */
export function get(args: Lossless, key: string): Lossless | undefined {
  if (!(args instanceof Map)) throw new Incomparable('the arguments are no object');
  return args.get(key);
}

/** An argument as a text; "" where there is none. */
export function textOf(args: Lossless, key: string): string {
  const value = get(args, key);
  return value === undefined ? '' : pythonStr(value);
}

/** The first of these arguments that there is, as a text without white space around it. */
function firstText(args: Lossless, keys: readonly string[]): string {
  const key = keys.find((one) => has(args, one));
  return key === undefined ? '' : strip(textOf(args, key));
}

export const pathOf = (args: Lossless): string =>
  firstText(args, ['path', 'file', 'file_path', 'filename', 'file_name']);

export const commandOf = (args: Lossless): string => firstText(args, ['command', 'cmd']);

/** What an edit writes: the old and the new text, a patch, or a whole file. */
export function editOf(args: Lossless): string {
  if (has(args, 'new_str')) return `${textOf(args, 'old_str')}\n${textOf(args, 'new_str')}`;
  const key = ['patch', 'diff', 'content', 'file_text'].find((one) => has(args, one));
  return key === undefined ? '' : textOf(args, key);
}

/** The lines that an editor is to show, from and to; undefined where nothing of the kind is said. */
export function linesOf(args: Lossless): readonly [number, number] | undefined {
  let given = get(args, 'view_range');
  if (typeof given === 'string') given = tryLoadsJson(given);
  if (!Array.isArray(given) || given.length !== 2) return undefined;
  const [from, to] = given.map(whole);
  return from === undefined || to === undefined ? undefined : [from, to];
}

function whole(value: Lossless): number | undefined {
  if (typeof value === 'boolean') return Number(value);
  if (value instanceof JsonNumber) {
    if (Math.abs(value.value) === Infinity) throw new Incomparable('a line without end');
    return Number.isNaN(value.value) ? undefined : Math.trunc(value.value);
  }
  return typeof value === 'string' ? parseIntText(value) : undefined;
}
