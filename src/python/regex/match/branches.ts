import { FAILED, Frame } from './frames.js';
import type { MatchState } from './match-state.js';

/*
 * Frame: saved marks, position, address of the instruction, number of the next branch.
 */
const FIELDS = 4;

export function enterBranch(state: MatchState, address: number): number {
  const index = nextBranch(state, address, 0);
  if (index === FAILED) return FAILED;
  state.reserve(FIELDS);
  state.saveMarks(state.repeat !== -1);
  const { stack } = state;
  stack[state.top++] = state.position;
  stack[state.top++] = address;
  stack[state.top++] = index + 1;
  stack[state.top++] = Frame.branch;
  return state.program.code[address + 3 + 2 * index]!;
}

export function resumeBranch(state: MatchState): number {
  const { stack, top } = state;
  const start = state.restoreMarks(top - FIELDS);
  state.position = stack[top - 4]!;
  const address = stack[top - 3]!;
  const index = nextBranch(state, address, stack[top - 2]!);
  if (index === FAILED) {
    state.top = start;
    return FAILED;
  }
  stack[top - 2] = index + 1;
  return state.program.code[address + 3 + 2 * index]!;
}

/** The first branch from `index` on that can begin here. */
function nextBranch(state: MatchState, address: number, index: number): number {
  const { code, sets } = state.program;
  const count = code[address + 1]!;
  for (let at = index; at < count; at++) {
    const set = code[address + 2 + 2 * at]!;
    if (set === -1) return at;
    if (state.position < state.text.length && sets[set]!.has(state.text[state.position]!)) return at;
  }
  return FAILED;
}
