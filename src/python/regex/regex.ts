import { flagBits } from './flags.js';
import type { PythonFlags } from './flags.js';
import { PythonMatch } from './match.js';
import { compileProgram } from './match/compile.js';
import { MatchState } from './match/match-state.js';
import type { Program } from './match/program.js';
import { matchAt } from './match/run.js';
import { searchFrom } from './match/search.js';
import { Subject } from './match/subject.js';
import { parsePattern } from './parse/parse.js';
import { expandTemplate, parseTemplate } from './template.js';

/**
 * Steps that one call may take when nothing else is said: of the order of a second. A step is an instruction or a
 * return to an earlier choice, so the count is the same on every machine.
 */
export const STEP_BUDGET = 20_000_000;

export interface MatchOptions {
  /** Steps that this call may take; then it throws {@link RegexBudgetError}. */
  budget?: number;
}

/**
 * Compiles a pattern of Python 3.13's `re` (for `str`). Throws {@link PythonRegexError}, in Python's words, for what
 * Python refuses, and for `\N{…}`.
 */
export function compilePattern(pattern: string, flags: PythonFlags = {}): PythonRegex {
  return new PythonRegex(pattern, flags);
}

/** `re.escape`: the pattern of a text that means itself. */
export function escapePattern(text: string): string {
  return text.replace(/[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g, String.raw`\$&`);
}

/** A compiled pattern. All methods have the meaning of Python's of the same name. */
export class PythonRegex {
  /** Number of capturing groups. */
  readonly groups: number;
  /** Names of groups to their numbers. */
  readonly groupIndex: ReadonlyMap<string, number>;
  readonly #program: Program;

  constructor(
    readonly pattern: string,
    flags: PythonFlags = {},
  ) {
    const parsed = parsePattern(pattern, flagBits(flags));
    this.groups = parsed.groups;
    this.groupIndex = parsed.names;
    this.#program = compileProgram(pattern, parsed);
  }

  /** The first match anywhere. */
  search(text: string, options: MatchOptions = {}): PythonMatch | undefined {
    for (const match of this.findIter(text, options)) return match;
    return undefined;
  }

  /** A match at the start of the text. */
  match(text: string, options: MatchOptions = {}): PythonMatch | undefined {
    return this.#matchStart(text, false, options);
  }

  /** A match of the whole text. */
  fullMatch(text: string, options: MatchOptions = {}): PythonMatch | undefined {
    return this.#matchStart(text, true, options);
  }

  #matchStart(text: string, wholeText: boolean, options: MatchOptions): PythonMatch | undefined {
    const subject = new Subject(text);
    const state = this.#state(subject, options);
    state.wholeText = wholeText;
    return matchAt(state, 0) ? this.#found(state, subject, 0) : undefined;
  }

  /** All matches, from left to right, without overlap; an empty match may follow one that is not. */
  *findIter(text: string, options: MatchOptions = {}): Generator<PythonMatch, void, undefined> {
    const subject = new Subject(text);
    const state = this.#state(subject, options);
    for (let from = 0; from <= subject.codes.length;) {
      const start = searchFrom(state, from);
      if (start === -1) return;
      yield this.#found(state, subject, start);
      from = state.position;
      state.notEmptyAt = start === from ? from : -1;
    }
  }

  #state(subject: Subject, { budget = STEP_BUDGET }: MatchOptions): MatchState {
    return new MatchState(this.#program, subject.codes, budget);
  }

  #found(state: MatchState, subject: Subject, start: number): PythonMatch {
    const spans = new Int32Array(2 * this.groups + 2).fill(-1);
    spans[0] = start;
    spans[1] = state.position;
    for (let mark = 0; mark < 2 * this.groups; mark += 2) {
      const end = state.groupEnd(mark);
      if (end === -1) continue;
      spans[mark + 2] = state.marks[mark]!;
      spans[mark + 3] = end;
    }
    return new PythonMatch(this, subject, spans);
  }

  /**
   * `re.findall` of a pattern with at most one group: the texts of group 1, or of the whole matches where there is no
   * group. A group that took no part is empty.
   */
  findAll(text: string, options: MatchOptions = {}): string[] {
    if (this.groups > 1) throw new RangeError('findAll needs a pattern with at most one group');
    return Array.from(this.findIter(text, options), (match) => match.group(this.groups) ?? '');
  }

  /** `re.findall` of a pattern with several groups: their texts, for each match. */
  findTuples(text: string, options: MatchOptions = {}): string[][] {
    return Array.from(this.findIter(text, options), (match) => match.groups().map((group) => group ?? ''));
  }

  /** The text between matches, with the groups of each match (undefined where one took no part) in between. */
  split(text: string, options: MatchOptions & { maxSplit?: number } = {}): (string | undefined)[] {
    const parts: (string | undefined)[] = [];
    const most = options.maxSplit ?? 0;
    let last = 0;
    let splits = 0;
    for (const match of this.findIter(text, options)) {
      parts.push(text.slice(last, match.start()), ...match.groups());
      last = match.end();
      splits += 1;
      if (splits === most) break;
    }
    return [...parts, text.slice(last)];
  }

  /**
   * The text with each match replaced: by a template, in which `\1`, `\g<1>` and `\g<name>` stand for groups, or by
   * what a function gives. `count` 0 is all.
   */
  sub(
    replacement: string | ((match: PythonMatch) => string),
    text: string,
    options: MatchOptions & { count?: number } = {},
  ): string {
    const template = typeof replacement === 'string' ? parseTemplate(replacement, this) : undefined;
    const most = options.count ?? 0;
    let out = '';
    let last = 0;
    let done = 0;
    for (const match of this.findIter(text, options)) {
      out += text.slice(last, match.start());
      out +=
        template === undefined
          ? (replacement as (match: PythonMatch) => string)(match)
          : expandTemplate(template, match);
      last = match.end();
      done += 1;
      if (done === most) break;
    }
    return out + text.slice(last);
  }
}

/** `re.compile`; the same as {@link compilePattern}. */
export const pythonRegex = compilePattern;

/** `re.findall` of a pattern with at most one group, see {@link PythonRegex.findAll}. */
export function findAll(regex: PythonRegex, text: string, options: MatchOptions = {}): string[] {
  return regex.findAll(text, options);
}
