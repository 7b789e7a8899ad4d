import { RegexBudgetError } from '../regex-error.js';
import type { Program } from './program.js';

/** 256 MB: a match that must remember more has run wild as well. */
const MAX_STACK = 1 << 26;

/**
 * Where a match stands: position, marks of the groups, and the stack of what to do when the current way fails.
 *
 * A frame on the stack ends with its kind; below are its fields, and below these, in some, the saved marks. Marks
 * behave as in CPython: `lastMark` is the highest that is set, and backtracking always takes it back, but the marks
 * below it only where a repeat is active.
 */
export class MatchState {
  readonly marks: Int32Array;
  lastMark = -1;
  /** Stack address of the innermost active repeat, or -1. */
  repeat = -1;
  /** Stack address behind the frame of the innermost look-around, atomic group or possessive repeat, or -1. */
  sub = -1;
  position = 0;
  stack = new Int32Array(1 << 10);
  /** Length of the stack. */
  top = 0;
  /** Steps left. */
  left: number;
  /** Only a match that reaches the end of the text counts. */
  wholeText = false;
  /** A match at this position must not be empty, or -1. */
  notEmptyAt = -1;

  constructor(
    readonly program: Program,
    readonly text: Int32Array,
    readonly budget: number,
  ) {
    this.left = budget;
    this.marks = new Int32Array(2 * program.groups).fill(-1);
  }

  reset(): void {
    this.lastMark = -1;
    this.repeat = -1;
    this.sub = -1;
    this.top = 0;
  }

  /** Counts steps; throws when there were too many. */
  spend(steps: number): void {
    this.left -= steps;
    if (this.left < 0) throw new RegexBudgetError(this.program.pattern, this.budget);
  }

  setMark(mark: number): void {
    if (mark > this.lastMark) {
      for (let skipped = this.lastMark + 1; skipped < mark; skipped++) this.marks[skipped] = -1;
      this.lastMark = mark;
    }
    this.marks[mark] = this.position;
  }

  /** The end of a group by the mark of its start, or -1 when it took no part. */
  groupEnd(mark: number): number {
    if (mark >= this.lastMark) return -1;
    const start = this.marks[mark]!;
    const end = this.marks[mark + 1]!;
    return start === -1 || end < start ? -1 : end;
  }

  /** Makes room for a frame with this many fields and the marks. */
  reserve(fields: number): void {
    const needed = this.top + fields + this.marks.length + 2;
    if (needed <= this.stack.length) return;
    if (needed > MAX_STACK) throw new RegexBudgetError(this.program.pattern, this.budget);
    const larger = new Int32Array(Math.max(needed, this.stack.length * 2));
    larger.set(this.stack.subarray(0, this.top));
    this.stack = larger;
  }

  /** Pushes `lastMark` and, when asked for, the marks up to it. */
  saveMarks(withMarks: boolean): void {
    const { stack, marks } = this;
    const count = withMarks ? this.lastMark + 1 : 0;
    let top = this.top;
    for (let mark = 0; mark < count; mark++) stack[top++] = marks[mark]!;
    stack[top++] = count;
    stack[top++] = this.lastMark;
    this.top = top;
    if (count > 8) this.spend(count >> 3);
  }

  /** Takes back the marks saved below `address`, and returns where they begin. */
  restoreMarks(address: number): number {
    const { stack, marks } = this;
    this.lastMark = stack[address - 1]!;
    const count = stack[address - 2]!;
    const start = address - 2 - count;
    for (let mark = 0; mark < count; mark++) marks[mark] = stack[start + mark]!;
    return start;
  }
}
