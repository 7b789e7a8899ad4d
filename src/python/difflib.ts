import { characters } from './strings.js';

/** Where a piece of the first text stands in the second one; in code points. */
export interface Block {
  readonly a: number;
  readonly b: number;
  readonly size: number;
}

/**
 * Python's `difflib.SequenceMatcher(None, a, b, autojunk)` for texts. With `autojunk` (the default), characters that
 * make up more than 1 % of a second text of 200 or more are no starting points of a match, though they may lengthen one.
 */
export class SequenceMatcher {
  readonly #a: string[];
  readonly #b: string[];
  /** Where each character stands in the second text, in order; popular ones are left out. */
  readonly #places: ReadonlyMap<string, number[]>;

  constructor(a: string, b: string, { autojunk = true }: { autojunk?: boolean } = {}) {
    this.#a = characters(a);
    this.#b = characters(b);
    this.#places = placesIn(this.#b, autojunk);
  }

  /** Twice the matched characters by all characters, 0 to 1; 1 for two empty texts. */
  ratio(): number {
    const total = this.#a.length + this.#b.length;
    if (total === 0) return 1;
    let matched = 0;
    const ranges: (readonly [number, number, number, number])[] = [[0, this.#a.length, 0, this.#b.length]];
    for (let range = ranges.pop(); range !== undefined; range = ranges.pop()) {
      const [aLow, aHigh, bLow, bHigh] = range;
      const { a, b, size } = this.longestMatch(aLow, aHigh, bLow, bHigh);
      if (size === 0) continue;
      matched += size;
      if (aLow < a && bLow < b) ranges.push([aLow, a, bLow, b]);
      if (a + size < aHigh && b + size < bHigh) ranges.push([a + size, aHigh, b + size, bHigh]);
    }
    return (2 * matched) / total;
  }

  /** `find_longest_match`: the longest common piece of two ranges; of several the first in a, then in b. */
  longestMatch(aLow = 0, aHigh = this.#a.length, bLow = 0, bHigh = this.#b.length): Block {
    const [one, two] = [this.#a, this.#b];
    let { a, b, size } = this.#longestStart(aLow, aHigh, bLow, bHigh);
    while (a > aLow && b > bLow && one[a - 1] === two[b - 1]) [a, b, size] = [a - 1, b - 1, size + 1];
    while (a + size < aHigh && b + size < bHigh && one[a + size] === two[b + size]) size += 1;
    return { a, b, size };
  }

  /** The longest piece made of characters that are starting points. */
  #longestStart(aLow: number, aHigh: number, bLow: number, bHigh: number): Block {
    let best: Block = { a: aLow, b: bLow, size: 0 };
    // Length of the common piece that ends at each place of b, for the last and for this character of a.
    let last = new Map<number, number>();
    for (let i = aLow; i < aHigh; i++) {
      const ends = new Map<number, number>();
      const places = this.#places.get(this.#a[i]!) ?? [];
      for (let at = firstFrom(places, bLow); at < places.length; at++) {
        const j = places[at]!;
        if (j >= bHigh) break;
        const size = (last.get(j - 1) ?? 0) + 1;
        ends.set(j, size);
        if (size > best.size) best = { a: i - size + 1, b: j - size + 1, size };
      }
      last = ends;
    }
    return best;
  }
}

function placesIn(text: readonly string[], autojunk: boolean): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const [at, character] of text.entries()) {
    const known = places.get(character);
    if (known === undefined) places.set(character, [at]);
    else known.push(at);
  }
  if (autojunk && text.length >= 200) {
    const most = Math.floor(text.length / 100) + 1;
    for (const [character, at] of places) if (at.length > most) places.delete(character);
  }
  return places;
}

/** The first index whose value is at least `least`; values ascend. */
function firstFrom(values: readonly number[], least: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
