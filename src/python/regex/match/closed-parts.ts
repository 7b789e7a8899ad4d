import { FAILED, Frame } from './frames.js';
import type { MatchState } from './match-state.js';
import { NO_MAXIMUM } from './program.js';

/*
 * Parts of which only the first match counts: look-arounds, atomic groups, rounds of possessive repeats. When the part
 * has matched (`subEnd`), everything on the stack from its frame on is dropped. Each frame holds `sub` as it was before.
 */

export function enterAtomic(state: MatchState, address: number): number {
  state.reserve(2);
  state.stack[state.top++] = state.sub;
  state.stack[state.top++] = Frame.atomic;
  state.sub = state.top;
  return address + 1;
}

export function resumeAtomic(state: MatchState): number {
  state.sub = state.stack[state.top - 2]!;
  state.top -= 2;
  return FAILED;
}

/** Frame: sub, position. */
export function enterLook(state: MatchState, address: number): number {
  const back = state.program.code[address + 1]!;
  if (state.position < back) return FAILED;
  state.reserve(3);
  state.stack[state.top++] = state.sub;
  state.stack[state.top++] = state.position;
  state.stack[state.top++] = Frame.look;
  state.sub = state.top;
  state.position -= back;
  return address + 2;
}

export function resumeLook(state: MatchState): number {
  state.sub = state.stack[state.top - 3]!;
  state.top -= 3;
  return FAILED;
}

/** Frame: saved marks, sub, position, address. */
const LOOK_NOT_FIELDS = 4;

export function enterLookNot(state: MatchState, address: number): number {
  const { code } = state.program;
  const back = code[address + 1]!;
  if (state.position < back) return code[address + 2]!;
  state.reserve(LOOK_NOT_FIELDS);
  state.saveMarks(state.repeat !== -1);
  const { stack } = state;
  stack[state.top++] = state.sub;
  stack[state.top++] = state.position;
  stack[state.top++] = address;
  stack[state.top++] = Frame.lookNot;
  state.sub = state.top;
  state.position -= back;
  return address + 3;
}

export function resumeLookNot(state: MatchState): number {
  const { stack, top } = state;
  const start = state.restoreMarks(top - LOOK_NOT_FIELDS);
  state.sub = stack[top - 4]!;
  state.position = stack[top - 3]!;
  state.top = start;
  return state.program.code[stack[top - 2]! + 2]!;
}

export function enterPossessive(state: MatchState, address: number): number {
  return possessiveRound(state, address, 0, -1, state.repeat);
}

/**
 * Frame: saved marks, sub, position where the round began, rounds before it, the repeat outside, address. Marks are
 * saved inside of the rounds as in other repeats, so one is active there.
 */
const POSSESSIVE_FIELDS = 6;

function possessiveRound(
  state: MatchState,
  address: number,
  rounds: number,
  before: number,
  outside: number,
): number {
  const { code } = state.program;
  const max = code[address + 2]!;
  const must = rounds < code[address + 1]!;
  const may = (max === NO_MAXIMUM || rounds < max) && state.position !== before;
  state.repeat = outside;
  if (!must && !may) return code[address + 3]!;
  state.reserve(POSSESSIVE_FIELDS);
  state.saveMarks(!must);
  const { stack } = state;
  stack[state.top++] = state.sub;
  stack[state.top++] = must ? -1 : state.position;
  stack[state.top++] = rounds;
  stack[state.top++] = outside;
  stack[state.top++] = address;
  stack[state.top++] = Frame.possessiveRound;
  state.sub = state.top;
  state.repeat = state.top;
  return address + 4;
}

export function resumePossessiveRound(state: MatchState): number {
  const { stack, top } = state;
  const position = stack[top - 5]!;
  const address = stack[top - 2]!;
  state.sub = stack[top - 6]!;
  state.repeat = stack[top - 3]!;
  if (position === -1) {
    state.top = belowMarks(stack, top - POSSESSIVE_FIELDS);
    return FAILED;
  }
  state.top = state.restoreMarks(top - POSSESSIVE_FIELDS);
  state.position = position;
  return state.program.code[address + 3]!;
}

/** The part on top has matched; `address` is that of its `subEnd`. */
export function endPart(state: MatchState, address: number): number {
  const { stack } = state;
  const top = state.sub;
  switch (stack[top - 1]) {
    case Frame.atomic:
      state.sub = stack[top - 2]!;
      state.top = top - 2;
      return address + 1;
    case Frame.look:
      state.sub = stack[top - 3]!;
      state.position = stack[top - 2]!;
      state.top = top - 3;
      return address + 1;
    case Frame.lookNot:
      state.sub = stack[top - 4]!;
      state.top = belowMarks(stack, top - LOOK_NOT_FIELDS);
      return FAILED;
    default: {
      const [before, rounds] = [stack[top - 5]!, stack[top - 4]!];
      const [outside, repeat] = [stack[top - 3]!, stack[top - 2]!];
      state.sub = stack[top - 6]!;
      state.top = belowMarks(stack, top - POSSESSIVE_FIELDS);
      return possessiveRound(state, repeat, rounds + 1, before, outside);
    }
  }
}

/** Where the marks saved below `address` begin. */
function belowMarks(stack: Int32Array, address: number): number {
  return address - 2 - stack[address - 2]!;
}
