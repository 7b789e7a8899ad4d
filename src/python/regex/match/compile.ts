import { combineFlags, Flag } from '../flags.js';
import type { ParsedPattern } from '../parse/parse.js';
import { UNLIMITED, widthOf } from '../parse/syntax.js';
import type { Node, Place, Sequence } from '../parse/syntax.js';
import { PythonRegexError } from '../regex-error.js';
import type { CodePointSet } from '../../unicode/code-point-set.js';
import { anySet, categorySet, characterSet, memberSet } from './character-sets.js';
import { firstSet } from './first-set.js';
import type { UnitSet } from './first-set.js';
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
  readonly #numbers = new Map<CodePointSet, number>();
  /** The set of a node under the flags that hold for it; a node stands in one place. */
  readonly #units = new Map<Node, CodePointSet | undefined>();

  constructor(readonly pattern: string) {}

  compile({ body, flags, groups }: ParsedPattern): Program {
    this.#sequence(body, flags);
    this.#emit(Op.end);
    return {
      pattern: this.pattern,
      code: Int32Array.from(this.#code),
      sets: this.#sets,
      groups,
      first: firstSet(body, flags, this.#unitSet),
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

  #number(set: CodePointSet): number {
    let number = this.#numbers.get(set);
    if (number === undefined) {
      number = this.#sets.push(set) - 1;
      this.#numbers.set(set, number);
    }
    return number;
  }

  readonly #unitSet: UnitSet = (node, flags) => {
    if (!this.#units.has(node)) this.#units.set(node, unitSet(node, flags));
    return this.#units.get(node);
  };

  #sequence(sequence: Sequence, flags: number): void {
    sequence.forEach((node, index) => this.#node(node, flags, sequence[index + 1]));
  }

  #node(node: Node, flags: number, following: Node | undefined): void {
    const unit = this.#unitSet(node, flags);
    if (unit !== undefined) this.#unit(unit);
    else if (node.type === 'at') this.#place(node.place, flags);
    else if (node.type === 'branch') this.#branch(node.branches, flags);
    else if (node.type === 'group') this.#group(node, flags);
    else if (node.type === 'atomic') this.#atomic(node.body, flags);
    else if (node.type === 'repeat') this.#repeat(node, flags, following);
    else if (node.type === 'look') this.#look(node, flags);
    else if (node.type === 'reference') this.#reference(node.group, flags);
    else if (node.type === 'conditional') this.#conditional(node, flags);
    else this.#emit(Op.fail);
  }

  #unit(set: CodePointSet): void {
    if (set.only !== undefined) this.#emit(Op.character, set.only);
    else this.#emit(Op.set, this.#number(set));
  }

  #place(place: Place, flags: number): void {
    const lines = (flags & Flag.multiline) !== 0;
    if (place === 'boundary' || place === 'noBoundary') {
      this.#emit(Op[place], this.#number(categorySet('w', false, flags)));
    } else if (place === 'start') this.#emit(Op.at, lines ? At.lineStart : At.textStart);
    else if (place === 'end') this.#emit(Op.at, lines ? At.lineEnd : At.end);
    else this.#emit(Op.at, At[place]);
  }

  #branch(branches: Sequence[], flags: number): void {
    const table = this.#emit(Op.branch, branches.length) + 2;
    for (let left = branches.length; left > 0; left--) this.#emit(-1, 0);
    const ends = branches.map((branch, index) => {
      const first = firstSet(branch, flags, this.#unitSet);
      if (first !== undefined) this.#code[table + 2 * index] = this.#number(first);
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

  #atomic(body: Sequence, flags: number): void {
    this.#emit(Op.atomic);
    this.#closed(body, flags);
  }

  #closed(body: Sequence, flags: number): void {
    this.#sequence(body, flags);
    this.#emit(Op.subEnd);
  }

  #repeat(node: Node & { type: 'repeat' }, flags: number, following: Node | undefined): void {
    const { mode, body } = node;
    const min = Math.min(node.min, MAX_INT);
    const max = node.max === UNLIMITED ? NO_MAXIMUM : Math.min(node.max, MAX_INT);
    const unit = this.#single(body, flags);
    if (unit !== undefined) {
      const next = following === undefined ? undefined : this.#unitSet(following, flags)?.only;
      this.#emit(Op[`${mode}Set`], this.#number(unit), min, max, next ?? -1);
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

  /** The body of a repeat that takes exactly one character, flags around it allowed. */
  #single(body: Sequence, flags: number): CodePointSet | undefined {
    const [node] = body;
    if (body.length !== 1 || node === undefined) return undefined;
    if (node.type !== 'group') return this.#unitSet(node, flags);
    if (node.group !== undefined) return undefined;
    return this.#single(node.body, combineFlags(flags, node.add, node.remove));
  }

  #look({ behind, negated, body }: Node & { type: 'look' }, flags: number): void {
    const back = behind ? this.#fixedWidth(body) : 0;
    const tail = negated ? this.#emit(Op.lookNot, back, 0) + 2 : undefined;
    if (!negated) this.#emit(Op.look, back);
    this.#closed(body, flags);
    if (tail !== undefined) this.#patch(tail);
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
    const end = no === undefined ? undefined : this.#emit(Op.jump, 0) + 1;
    this.#patch(otherwise);
    if (no !== undefined) this.#sequence(no, flags);
    if (end !== undefined) this.#patch(end);
  }
}

function unitSet(node: Node, flags: number): CodePointSet | undefined {
  switch (node.type) {
    case 'any':
      return anySet(flags);
    case 'character': {
      const set = characterSet(node.code, flags);
      return node.negated ? set.inverted() : set;
    }
    case 'set': {
      const set = memberSet(node.items, flags);
      return node.negated ? set.inverted() : set;
    }
    default:
      return undefined;
  }
}

function isAnchored(node: Node | undefined, flags: number): boolean {
  if (node?.type !== 'at') return false;
  return node.place === 'textStart' || (node.place === 'start' && (flags & Flag.multiline) === 0);
}
