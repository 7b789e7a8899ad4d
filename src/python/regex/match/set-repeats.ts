import type { CodePointSet } from '../../unicode/code-point-set.js';
import { FAILED, Frame } from './frames.js';
import type { MatchState } from './match-state.js';
import { NO_MAXIMUM } from './program.js';

/*
 * Repeats of what takes exactly one character. Operands: set, min, max, following character.
 * Frame: saved marks, position, count, address of the instruction.
 */
const FIELDS = 4;
const LENGTH = 5;

/** How many characters from the position on are in the set, at most `most`. */
function count(state: MatchState, set: CodePointSet, most: number): number {
  const { text, position } = state;
  const end = most === NO_MAXIMUM || most > text.length - position ? text.length : position + most;
  let at = position;
  while (at < end && set.has(text[at]!)) at += 1;
  state.spend((at - position) >> 3);
  return at - position;
}

function pushFrame(state: MatchState, counted: number, address: number, kind: number): void {
  state.reserve(FIELDS);
  state.saveMarks(state.repeat !== -1);
  const { stack } = state;
  stack[state.top++] = state.position;
  stack[state.top++] = counted;
  stack[state.top++] = address;
  stack[state.top++] = kind;
}

export function enterGreedySet(state: MatchState, address: number): number {
  const { code, sets } = state.program;
  const min = code[address + 2]!;
  const counted = count(state, sets[code[address + 1]!]!, code[address + 3]!);
  if (counted < min) return FAILED;
  state.position += counted;
  const given = beforeFollowing(state, counted, min, code[address + 4]!);
  if (given < min) return FAILED;
  pushFrame(state, given, address, Frame.greedySet);
  return address + LENGTH;
}

export function resumeGreedySet(state: MatchState): number {
  const { stack, top } = state;
  const { code } = state.program;
  const start = state.restoreMarks(top - FIELDS);
  const address = stack[top - 2]!;
  const min = code[address + 2]!;
  state.position = stack[top - 4]! - 1;
  const counted = beforeFollowing(state, stack[top - 3]! - 1, min, code[address + 4]!);
  if (counted < min) {
    state.top = start;
    return FAILED;
  }
  stack[top - 4] = state.position;
  stack[top - 3] = counted;
  return address + LENGTH;
}

/** Goes back to where the following character stands. Returns the count there, below `min` when it stands nowhere. */
function beforeFollowing(state: MatchState, counted: number, min: number, following: number): number {
  if (following === -1) return counted;
  const { text } = state;
  const from = state.position;
  let at = from;
  const lowest = from - (counted - min);
  while (at >= lowest && (at >= text.length || text[at] !== following)) at -= 1;
  state.position = at;
  state.spend((from - at) >> 3);
  return counted - (from - at);
}

export function enterLazySet(state: MatchState, address: number): number {
  const { code, sets } = state.program;
  const min = code[address + 2]!;
  if (min > 0) {
    if (count(state, sets[code[address + 1]!]!, min) < min) return FAILED;
    state.position += min;
  }
  pushFrame(state, min, address, Frame.lazySet);
  return address + LENGTH;
}

export function resumeLazySet(state: MatchState): number {
  const { stack, top, text } = state;
  const { code, sets } = state.program;
  const start = state.restoreMarks(top - FIELDS);
  const address = stack[top - 2]!;
  const max = code[address + 3]!;
  const counted = stack[top - 3]!;
  const position = stack[top - 4]!;
  const isMember = position < text.length && sets[code[address + 1]!]!.has(text[position]!);
  if (!isMember || (max !== NO_MAXIMUM && counted >= max)) {
    state.top = start;
    return FAILED;
  }
  state.position = position + 1;
  stack[top - 4] = position + 1;
  stack[top - 3] = counted + 1;
  return address + LENGTH;
}

export function possessiveSet(state: MatchState, address: number): number {
  const { code, sets } = state.program;
  const counted = count(state, sets[code[address + 1]!]!, code[address + 3]!);
  if (counted < code[address + 2]!) return FAILED;
  state.position += counted;
  return address + LENGTH;
}
