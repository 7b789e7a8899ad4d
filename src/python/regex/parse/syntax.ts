/** A parsed pattern. Parts stand one after the other in a sequence. */
export type Sequence = Node[];

export type Node =
  | { type: 'character'; code: number; negated: boolean }
  | { type: 'any' }
  | { type: 'set'; negated: boolean; items: SetItem[] }
  | { type: 'at'; place: Place }
  | { type: 'fail' }
  | { type: 'branch'; branches: Sequence[] }
  /** Brackets: capturing when `group` is a number; `add` and `remove` are bits of flags. */
  | { type: 'group'; group: number | undefined; add: number; remove: number; body: Sequence }
  | { type: 'atomic'; body: Sequence }
  | { type: 'repeat'; mode: RepeatMode; min: number; max: number; body: Sequence }
  | { type: 'look'; behind: boolean; negated: boolean; body: Sequence }
  | { type: 'reference'; group: number; width: Width }
  | { type: 'conditional'; group: number; yes: Sequence; no: Sequence | undefined };

export type SetItem =
  | { type: 'character'; code: number }
  | { type: 'range'; first: number; last: number }
  | { type: 'category'; category: Category; negated: boolean };

export type Category = 'd' | 's' | 'w';
export type RepeatMode = 'greedy' | 'lazy' | 'possessive';
/** `^`, `$`, `\A`, `\Z`, `\b`, `\B` */
export type Place = 'start' | 'end' | 'textStart' | 'textEnd' | 'boundary' | 'noBoundary';

/** The fewest and the most characters that something can match. */
export type Width = readonly [least: number, most: number];

/** The count of `*` and `+`: without end. */
export const UNLIMITED = 4294967295;

const MAX_WIDTH = 2 ** 64;

const widths = new WeakMap<Sequence, Width>();

export function widthOf(sequence: Sequence): Width {
  let width = widths.get(sequence);
  if (width === undefined) {
    let least = 0;
    let most = 0;
    for (const node of sequence) {
      const [low, high] = nodeWidth(node);
      least += low;
      most += high;
    }
    width = [Math.min(least, MAX_WIDTH), Math.min(most, MAX_WIDTH)];
    widths.set(sequence, width);
  }
  return width;
}

function nodeWidth(node: Node): Width {
  switch (node.type) {
    case 'character':
    case 'any':
    case 'set':
      return [1, 1];
    case 'at':
    case 'look':
    case 'fail':
      return [0, 0];
    case 'branch':
      return either(node.branches.map(widthOf));
    case 'group':
    case 'atomic':
      return widthOf(node.body);
    case 'repeat': {
      const [low, high] = widthOf(node.body);
      return [low * node.min, node.max === UNLIMITED && high > 0 ? MAX_WIDTH : high * node.max];
    }
    case 'reference':
      return node.width;
    case 'conditional':
      return either([widthOf(node.yes), node.no === undefined ? [0, 0] : widthOf(node.no)]);
  }
}

function either(all: readonly Width[]): Width {
  return all.reduce(([least, most], [low, high]) => [Math.min(least, low), Math.max(most, high)]);
}
