import { Flag, TYPE_FLAGS } from '../flags.js';
import type { PatternSource } from './pattern-source.js';
import { codePointSet } from '../../unicode/properties.js';

const LETTERS: Readonly<Record<string, number>> = {
  i: Flag.ignoreCase,
  m: Flag.multiline,
  s: Flag.dotAll,
  x: Flag.verbose,
  a: Flag.ascii,
  u: Flag.unicode,
  L: 0,
};

export function isFlag(token: string): boolean {
  return Object.hasOwn(LETTERS, token);
}

export interface ReadFlags {
  add: number;
  remove: number;
  /** `(?im)`: for the whole pattern. */
  global: boolean;
}

/** The rest of `(?im-s:` or `(?im)` from the letter or `-` that was taken. */
export function parseFlags(source: PatternSource, first: string): ReadFlags {
  let add = 0;
  let remove = 0;
  let token = first;
  while (token !== '-' && token !== ':' && token !== ')') {
    add |= addedFlag(source, token, add);
    token = nextToken(source, 'missing -, : or )', ['-', ':', ')']);
  }
  if (token === ')') return { add, remove, global: true };
  if (token === '-') {
    token = nextToken(source, 'missing flag', []);
    while (token !== ':') {
      if ((LETTERS[token]! & TYPE_FLAGS) !== 0 || token === 'L') {
        throw source.error("bad inline flags: cannot turn off flags 'a', 'u' and 'L'");
      }
      remove |= LETTERS[token]!;
      token = nextToken(source, 'missing :', [':']);
    }
  }
  if ((add & remove) !== 0) throw source.error('bad inline flags: flag turned on and off', 1);
  return { add, remove, global: false };
}

function addedFlag(source: PatternSource, letter: string, before: number): number {
  if (letter === 'L') throw source.error("bad inline flags: cannot use 'L' flag with a str pattern");
  const flag = LETTERS[letter]!;
  if ((flag & TYPE_FLAGS) !== 0 && ((before | flag) & TYPE_FLAGS) !== flag) {
    throw source.error("bad inline flags: flags 'a', 'u' and 'L' are incompatible");
  }
  return flag;
}

/** A flag or one of the ends. */
function nextToken(source: PatternSource, missing: string, ends: readonly string[]): string {
  const token = source.take();
  if (token === undefined) throw source.error(missing);
  if (ends.includes(token) || isFlag(token)) return token;
  const characters = Array.from(token);
  const letters = characters.every((character) => codePointSet('alpha').has(character.codePointAt(0)!));
  throw source.error(letters ? 'unknown flag' : missing, characters.length);
}
