import { FAILED, Frame } from './frames.js';
import type { MatchState } from './match-state.js';
import { NO_MAXIMUM } from './program.js';

/*
 * Greedy and lazy repeats of more than one character. `repeat` opens a record on the stack, and each round ends at the
 * `until` instruction, which decides between another round and the tail. The tail runs in the repeat outside of this.
 *
 * Record, at the bottom of its frame: rounds begun before this one - 1, position where the last optional round began
 * (against endless empty rounds), the repeat outside.
 */
const ROUNDS = 0;
const LAST = 1;
const OUTSIDE = 2;

export function enterRepeat(state: MatchState, address: number): number {
  state.reserve(4);
  const { stack } = state;
  const record = state.top;
  stack[state.top++] = -1;
  stack[state.top++] = -1;
  stack[state.top++] = state.repeat;
  stack[state.top++] = Frame.repeat;
  state.repeat = record;
  return state.program.code[address + 1]!;
}

export function resumeRepeat(state: MatchState): number {
  state.repeat = state.stack[state.top - 2]!;
  state.top -= 4;
  return FAILED;
}

/** A round that must be: frame record, round. */
function mustRepeat(state: MatchState, record: number, round: number): void {
  state.reserve(3);
  const { stack } = state;
  stack[record + ROUNDS] = round;
  stack[state.top++] = record;
  stack[state.top++] = round;
  stack[state.top++] = Frame.round;
}

export function resumeRound(state: MatchState): number {
  const { stack, top } = state;
  stack[stack[top - 3]! + ROUNDS] = stack[top - 2]! - 1;
  state.top -= 3;
  return FAILED;
}

/** Frame of a round: saved marks, record, round, position, where the round before began, address. */
const GREEDY_FIELDS = 6;

export function greedyUntil(state: MatchState, address: number): number {
  const { code } = state.program;
  const record = state.repeat;
  const round = state.stack[record + ROUNDS]! + 1;
  if (round < code[address + 1]!) {
    mustRepeat(state, record, round);
    return code[address + 3]!;
  }
  const max = code[address + 2]!;
  const last = state.stack[record + LAST]!;
  if ((max !== NO_MAXIMUM && round >= max) || state.position === last) return leave(state, record, address);
  state.reserve(GREEDY_FIELDS);
  state.saveMarks(true);
  const { stack } = state;
  stack[record + ROUNDS] = round;
  stack[record + LAST] = state.position;
  stack[state.top++] = record;
  stack[state.top++] = round;
  stack[state.top++] = state.position;
  stack[state.top++] = last;
  stack[state.top++] = address;
  stack[state.top++] = Frame.greedyRound;
  return code[address + 3]!;
}

/** No more rounds: the tail. */
export function resumeGreedyRound(state: MatchState): number {
  const { stack, top } = state;
  const start = state.restoreMarks(top - GREEDY_FIELDS);
  const record = stack[top - 6]!;
  stack[record + ROUNDS] = stack[top - 5]! - 1;
  stack[record + LAST] = stack[top - 3]!;
  state.position = stack[top - 4]!;
  const address = stack[top - 2]!;
  state.top = start;
  return leave(state, record, address);
}

function leave(state: MatchState, record: number, address: number): number {
  state.reserve(2);
  const { stack } = state;
  state.repeat = stack[record + OUTSIDE]!;
  stack[state.top++] = record;
  stack[state.top++] = Frame.tail;
  return address + 4;
}

export function resumeTail(state: MatchState): number {
  state.repeat = state.stack[state.top - 2]!;
  state.top -= 2;
  return FAILED;
}

/** Frame: saved marks, record, round, position, address. */
const LAZY_FIELDS = 5;

export function lazyUntil(state: MatchState, address: number): number {
  const { code } = state.program;
  const record = state.repeat;
  const round = state.stack[record + ROUNDS]! + 1;
  if (round < code[address + 1]!) {
    mustRepeat(state, record, round);
    return code[address + 3]!;
  }
  state.reserve(LAZY_FIELDS);
  const { stack } = state;
  state.repeat = stack[record + OUTSIDE]!;
  state.saveMarks(state.repeat !== -1);
  stack[state.top++] = record;
  stack[state.top++] = round;
  stack[state.top++] = state.position;
  stack[state.top++] = address;
  stack[state.top++] = Frame.lazyTail;
  return address + 4;
}

/** The tail failed: another round, where there may be one. Its frame: record, round, where the round before began. */
export function resumeLazyTail(state: MatchState): number {
  const { stack, top } = state;
  const { code } = state.program;
  const start = state.restoreMarks(top - LAZY_FIELDS);
  const record = stack[top - 5]!;
  const round = stack[top - 4]!;
  const address = stack[top - 2]!;
  state.position = stack[top - 3]!;
  state.repeat = record;
  state.top = start;
  const max = code[address + 2]!;
  const last = stack[record + LAST]!;
  if ((max !== NO_MAXIMUM && round >= max) || state.position === last) return FAILED;
  stack[record + ROUNDS] = round;
  stack[record + LAST] = state.position;
  stack[state.top++] = record;
  stack[state.top++] = round;
  stack[state.top++] = last;
  stack[state.top++] = Frame.lazyRound;
  return code[address + 3]!;
}

export function resumeLazyRound(state: MatchState): number {
  const { stack, top } = state;
  const record = stack[top - 4]!;
  stack[record + ROUNDS] = stack[top - 3]! - 1;
  stack[record + LAST] = stack[top - 2]!;
  state.top -= 4;
  return FAILED;
}
