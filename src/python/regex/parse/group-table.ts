import { pythonRepr } from '../../format/python-repr.js';
import { length } from './pattern-source.js';
import type { PatternSource } from './pattern-source.js';
import { widthOf } from './syntax.js';
import type { Sequence, Width } from './syntax.js';

/** The groups of a pattern while it is read. */
export class GroupTable {
  readonly names = new Map<string, number>();
  /** By number; undefined while the group is open. Group 0 is the whole. */
  readonly #widths: (Width | undefined)[] = [undefined];
  /** Where a conditional first named a group by number: the group may come later. */
  readonly #conditionals = new Map<number, number>();
  /** How many groups there were when the outermost look-behind began. */
  lookBehindFrom: number | undefined;

  constructor(readonly source: PatternSource) {}

  /** One more than the number of the last group. */
  get size(): number {
    return this.#widths.length;
  }

  open(name: string | undefined): number {
    const group = this.size;
    this.#widths.push(undefined);
    if (name === undefined) return group;
    const known = this.names.get(name);
    if (known !== undefined) {
      throw this.source.error(
        `redefinition of group name ${pythonRepr(name)} as group ${group}; was group ${known}`,
        length(name) + 1,
      );
    }
    this.names.set(name, group);
    return group;
  }

  close(group: number, body: Sequence): void {
    this.#widths[group] = widthOf(body);
  }

  /** The number of a name that was read together with its terminator. */
  byName(name: string): number {
    const group = this.names.get(name);
    if (group !== undefined) return group;
    throw this.source.error(`unknown group name ${pythonRepr(name)}`, length(name) + 1);
  }

  /** The width of a group that is referred to; `back` is the length of the reference that was just read. */
  referredWidth(group: number, back: number): Width {
    const width = this.#widths[group];
    if (width === undefined) throw this.source.error('cannot refer to an open group', back);
    this.checkLookBehind(group);
    return width;
  }

  checkLookBehind(group: number): void {
    if (this.lookBehindFrom === undefined) return;
    if (this.#widths[group] === undefined) throw this.source.error('cannot refer to an open group');
    if (group >= this.lookBehindFrom) {
      throw this.source.error('cannot refer to group defined in the same lookbehind subpattern');
    }
  }

  noteConditional(group: number, position: number): void {
    if (!this.#conditionals.has(group)) this.#conditionals.set(group, position);
  }

  /** At the end of the pattern every group that a conditional named must be there. */
  checkConditionals(): void {
    for (const [group, position] of this.#conditionals) {
      if (group >= this.size) throw this.source.errorAt(`invalid group reference ${group}`, position);
    }
  }
}
