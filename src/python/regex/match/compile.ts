import { combineFlags, Flag } from '../flags.js';
import type { ParsedPattern } from '../parse/parse.js';
import { UNLIMITED, widthOf } from '../parse/syntax.js';
import type { Node, Place, Sequence } from '../parse/syntax.js';
import { PythonRegexError } from '../regex-error.js';
import { CodePointSet, invertRanges, LAST_CODE_POINT } from '../../unicode/code-point-set.js';
import type { Ranges } from '../../unicode/code-point-set.js';
import { categoryRanges, characterRanges, setRanges } from './character-sets.js';
import { firstRanges } from './first-set.js';
import { At, NO_MAXIMUM, Op } from './program.js';
import type { Program } from './program.js';

const MAX_INT = 0x7fffffff;
/** Python looks no further back than this. */
const MAX_LOOK_BEHIND = 0xffffffff;

/** Makes a parsed pattern ready to run. Throws `PythonRegexError` for a look-behind that has no fixed width. */
export function compileProgram(pattern: string, parsed: ParsedPattern): Program {
  return new Compiler(pattern).compile(parsed);
}

class Compiler {
  readonly #code: number[] = [];
  readonly #sets: CodePointSet[] = [];
  readonly #setNumbers = new Map<string, number>();

  constructor(readonly pattern: string) {}

  compile({ body, flags, groups }: ParsedPattern): Program {
    this.#sequence(body, flags);
    this.#emit(Op.end);
    const first = firstRanges(body, flags, unitRanges);
    return {
      pattern: this.pattern,
      code: Int32Array.from(this.#code),
      sets: this.#sets,
      groups,
      first: first === undefined ? undefined : new CodePointSet(first),
      minWidth: Math.min(widthOf(body)[0], MAX_INT),
      anchored: isAnchored(body[0], flags),
    };
  }

  /** Returns the address of the first number. */
  #emit(...numbers: number[]): number {
    this.#code.push(...numbers);
    return this.#code.length - numbers.length;
  }

  #patch(address: number): void {
    this.#code[address] = this.#code.length;
  }

  #set(ranges: Ranges): number {
    const set = new CodePointSet(ranges);
    const key = set.ranges.join();
    let number = this.#setNumbers.get(key);
    if (number === undefined) {
      number = this.#sets.push(set) - 1;
      this.#setNumbers.set(key, number);
    }
    return number;
  }

  #sequence(sequence: Sequence, flags: number): void {
    sequence.forEach((node, index) => this.#node(node, flags, sequence[index + 1]));
  }

  #node(node: Node, flags: number, following: Node | undefined): void {
    const unit = unitRanges(node, flags);
    if (unit !== undefined) return this.#unit(unit);
    switch (node.type) {
      case 'at':
        return this.#place(node.place, flags);
      case 'fail':
        this.#emit(Op.fail);
        return;
      case 'branch':
        return this.#branch(node.branches, flags);
      case 'group':
        return this.#group(node, flags);
      case 'atomic':
        this.#emit(Op.atomic);
        return this.#closed(node.body, flags);
      case 'repeat':
        return this.#repeat(node, flags, following);
      case 'look':
        return this.#look(node, flags);
      case 'reference':
        return this.#reference(node.group, flags);
      case 'conditional':
        return this.#conditional(node, flags);
    }
  }

  #unit(ranges: Ranges): void {
    if (ranges.length === 2 && ranges[0] === ranges[1]) this.#emit(Op.character, ranges[0]!);
    else this.#emit(Op.set, this.#set(ranges));
  }

  #place(place: Place, flags: number): void {
    const lines = (flags & Flag.multiline) !== 0;
    if (place === 'boundary' || place === 'noBoundary') {
      this.#emit(Op[place], this.#set(categoryRanges('w', flags)));
    } else if (place === 'start') this.#emit(Op.at, lines ? At.lineStart : At.textStart);
    else if (place === 'end') this.#emit(Op.at, lines ? At.lineEnd : At.end);
    else this.#emit(Op.at, At[place]);
  }

  #branch(branches: Sequence[], flags: number): void {
    const table = this.#emit(Op.branch, branches.length, ...branches.flatMap(() => [-1, 0])) + 2;
    const ends = branches.map((branch, index) => {
      const first = firstRanges(branch, flags, unitRanges);
      if (first !== undefined) this.#code[table + 2 * index] = this.#set(first);
      this.#patch(table + 2 * index + 1);
      this.#sequence(branch, flags);
      return this.#emit(Op.jump, 0) + 1;
    });
    for (const end of ends) this.#patch(end);
  }

  #group({ group, add, remove, body }: Node & { type: 'group' }, flags: number): void {
    if (group !== undefined) this.#emit(Op.mark, 2 * (group - 1));
    this.#sequence(body, combineFlags(flags, add, remove));
    if (group !== undefined) this.#emit(Op.mark, 2 * (group - 1) + 1);
  }

  #closed(body: Sequence, flags: number): void {
    this.#sequence(body, flags);
    this.#emit(Op.subEnd);
  }

  #repeat(node: Node & { type: 'repeat' }, flags: number, following: Node | undefined): void {
    const { mode, body } = node;
    const min = Math.min(node.min, MAX_INT);
    const max = node.max === UNLIMITED ? NO_MAXIMUM : Math.min(node.max, MAX_INT);
    const unit = singleRanges(body, flags);
    if (unit !== undefined) {
      const ranges = following === undefined ? undefined : unitRanges(following, flags);
      const tail = ranges?.length === 2 && ranges[0] === ranges[1] ? ranges[0]! : -1;
      this.#emit(Op[`${mode}Set`], this.#set(unit), min, max, tail);
    } else if (mode === 'possessive') {
      const tail = this.#emit(Op.possessive, min, max, 0) + 3;
      this.#closed(body, flags);
      this.#patch(tail);
    } else {
      const until = this.#emit(Op.repeat, 0) + 1;
      this.#sequence(body, flags);
      this.#patch(until);
      this.#emit(Op[`${mode}Until`], min, max, until + 1);
    }
  }

  #look({ behind, negated, body }: Node & { type: 'look' }, flags: number): void {
    const back = behind ? this.#fixedWidth(body) : 0;
    if (!negated) {
      this.#emit(Op.look, back);
      return this.#closed(body, flags);
    }
    const tail = this.#emit(Op.lookNot, back, 0) + 2;
    this.#closed(body, flags);
    this.#patch(tail);
  }

  #fixedWidth(body: Sequence): number {
    const [least, most] = widthOf(body);
    if (least > MAX_LOOK_BEHIND) throw new PythonRegexError(this.pattern, 'looks too much behind');
    if (least !== most) throw new PythonRegexError(this.pattern, 'look-behind requires fixed-width pattern');
    return Math.min(least, MAX_INT);
  }

  #reference(group: number, flags: number): void {
    const mark = 2 * (group - 1);
    if ((flags & Flag.ignoreCase) === 0) this.#emit(Op.reference, mark);
    else this.#emit(Op.referenceFolded, mark, flags & Flag.unicode);
  }

  #conditional({ group, yes, no }: Node & { type: 'conditional' }, flags: number): void {
    const otherwise = this.#emit(Op.conditional, 2 * (group - 1), 0) + 2;
    this.#sequence(yes, flags);
    if (no === undefined || no.length === 0) return this.#patch(otherwise);
    const end = this.#emit(Op.jump, 0) + 1;
    this.#patch(otherwise);
    this.#sequence(no, flags);
    this.#patch(end);
  }
}

/** The members of a node that takes exactly one character; undefined for all other nodes. */
function unitRanges(node: Node, flags: number): Ranges | undefined {
  switch (node.type) {
    case 'any':
      return (flags & Flag.dotAll) === 0 ? [0, 9, 11, LAST_CODE_POINT] : [0, LAST_CODE_POINT];
    case 'character': {
      const ranges = characterRanges(node.code, flags);
      return node.negated ? invertRanges(new CodePointSet(ranges).ranges) : ranges;
    }
    case 'set': {
      const ranges = setRanges(node.items, flags);
      return node.negated ? invertRanges(new CodePointSet(ranges).ranges) : ranges;
    }
    default:
      return undefined;
  }
}

/** The body of a repeat that is one such node, flags around it allowed. */
function singleRanges(body: Sequence, flags: number): Ranges | undefined {
  const [node] = body;
  if (body.length !== 1 || node === undefined) return undefined;
  if (node.type !== 'group') return unitRanges(node, flags);
  if (node.group !== undefined) return undefined;
  return singleRanges(node.body, combineFlags(flags, node.add, node.remove));
}

function isAnchored(node: Node | undefined, flags: number): boolean {
  if (node?.type !== 'at') return false;
  return node.place === 'textStart' || (node.place === 'start' && (flags & Flag.multiline) === 0);
}
