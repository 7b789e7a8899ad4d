import { enterBranch, resumeBranch } from './branches.js';
import {
  endPart,
  enterAtomic,
  enterLook,
  enterLookNot,
  enterPossessive,
  resumeAtomic,
  resumeLook,
  resumeLookNot,
  resumePossessiveRound,
} from './closed-parts.js';
import { foldingFor } from './fold.js';
import type { CaseFolding } from './fold.js';
import { FAILED, Frame } from './frames.js';
import {
  enterRepeat,
  greedyUntil,
  lazyUntil,
  resumeGreedyRound,
  resumeLazyRound,
  resumeLazyTail,
  resumeRepeat,
  resumeRound,
  resumeTail,
} from './group-repeats.js';
import type { MatchState } from './match-state.js';
import { At, Op } from './program.js';
import {
  enterGreedySet,
  enterLazySet,
  possessiveSet,
  resumeGreedySet,
  resumeLazySet,
} from './set-repeats.js';

const LINE_FEED = 10;

/** Looks for a match that begins exactly at `start`: true when there is one, which ends at `state.position`. */
export function matchAt(state: MatchState, start: number): boolean {
  const { text } = state;
  const { code, sets } = state.program;
  state.reset();
  state.position = start;
  let address = 0;
  for (;;) {
    state.spend(1);
    const position = state.position;
    switch (code[address]) {
      case Op.character:
        if (position < text.length && text[position] === code[address + 1]) {
          state.position = position + 1;
          address += 2;
          continue;
        }
        break;
      case Op.set:
        if (position < text.length && sets[code[address + 1]!]!.has(text[position]!)) {
          state.position = position + 1;
          address += 2;
          continue;
        }
        break;
      case Op.mark:
        state.setMark(code[address + 1]!);
        address += 2;
        continue;
      case Op.jump:
        address = code[address + 1]!;
        continue;
      case Op.end:
        if (!(state.wholeText && position !== text.length) && position !== state.notEmptyAt) return true;
        break;
      default: {
        const next = enter(state, address);
        if (next !== FAILED) {
          address = next;
          continue;
        }
      }
    }
    address = backtrack(state);
    if (address === FAILED) return false;
  }
}

/** Runs one of the less simple instructions. Returns the next address. */
function enter(state: MatchState, address: number): number {
  switch (state.program.code[address]) {
    case Op.greedySet:
      return enterGreedySet(state, address);
    case Op.lazySet:
      return enterLazySet(state, address);
    case Op.possessiveSet:
      return possessiveSet(state, address);
    case Op.branch:
      return enterBranch(state, address);
    case Op.repeat:
      return enterRepeat(state, address);
    case Op.greedyUntil:
      return greedyUntil(state, address);
    case Op.lazyUntil:
      return lazyUntil(state, address);
    case Op.at:
      return isAt(state, state.program.code[address + 1]!) ? address + 2 : FAILED;
    case Op.boundary:
      return boundary(state, address, true);
    case Op.noBoundary:
      return boundary(state, address, false);
    case Op.look:
      return enterLook(state, address);
    case Op.lookNot:
      return enterLookNot(state, address);
    case Op.atomic:
      return enterAtomic(state, address);
    case Op.possessive:
      return enterPossessive(state, address);
    case Op.subEnd:
      return endPart(state, address);
    case Op.reference:
      return reference(state, address + 2, undefined);
    case Op.referenceFolded:
      return reference(state, address + 3, foldingFor(state.program.code[address + 2]!));
    case Op.conditional:
      return state.groupEnd(state.program.code[address + 1]!) === -1
        ? state.program.code[address + 2]!
        : address + 3;
    default:
      return FAILED;
  }
}

/** Takes frames from the stack until one knows another way. Returns its address. */
function backtrack(state: MatchState): number {
  while (state.top > 0) {
    state.spend(1);
    const address = resume(state);
    if (address !== FAILED) return address;
  }
  return FAILED;
}

function resume(state: MatchState): number {
  switch (state.stack[state.top - 1]) {
    case Frame.branch:
      return resumeBranch(state);
    case Frame.greedySet:
      return resumeGreedySet(state);
    case Frame.lazySet:
      return resumeLazySet(state);
    case Frame.repeat:
      return resumeRepeat(state);
    case Frame.round:
      return resumeRound(state);
    case Frame.greedyRound:
      return resumeGreedyRound(state);
    case Frame.tail:
      return resumeTail(state);
    case Frame.lazyTail:
      return resumeLazyTail(state);
    case Frame.lazyRound:
      return resumeLazyRound(state);
    case Frame.possessiveRound:
      return resumePossessiveRound(state);
    case Frame.atomic:
      return resumeAtomic(state);
    case Frame.look:
      return resumeLook(state);
    default:
      return resumeLookNot(state);
  }
}

function isAt({ text, position }: MatchState, place: number): boolean {
  switch (place) {
    case At.textStart:
      return position === 0;
    case At.textEnd:
      return position === text.length;
    case At.lineStart:
      return position === 0 || text[position - 1] === LINE_FEED;
    case At.lineEnd:
      return position === text.length || text[position] === LINE_FEED;
    default:
      return position === text.length || (position === text.length - 1 && text[position] === LINE_FEED);
  }
}

/** In an empty text there is neither a boundary nor none. */
function boundary({ text, position, program }: MatchState, address: number, wanted: boolean): number {
  if (text.length === 0) return FAILED;
  const word = program.sets[program.code[address + 1]!]!;
  const before = position > 0 && word.has(text[position - 1]!);
  const after = position < text.length && word.has(text[position]!);
  return (before !== after) === wanted ? address + 2 : FAILED;
}

/** The text of a group again; its mark is the first operand of the instruction before `tail`. */
function reference(state: MatchState, tail: number, folding: CaseFolding | undefined): number {
  const { text, program } = state;
  const mark = program.code[folding === undefined ? tail - 1 : tail - 2]!;
  const end = state.groupEnd(mark);
  if (end === -1) return FAILED;
  let at = state.position;
  for (let from = state.marks[mark]!; from < end; from++, at++) {
    if (at >= text.length) return FAILED;
    const [one, two] = [text[at]!, text[from]!];
    if (one !== two && (folding === undefined || folding.lower(one) !== folding.lower(two))) return FAILED;
  }
  state.spend((at - state.position) >> 3);
  state.position = at;
  return tail;
}
