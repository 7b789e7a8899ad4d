/** First and last code point of each range, in order and apart from each other: `[0x30, 0x39, 0x61, 0x66]`. */
export type Ranges = readonly number[];

export const LAST_CODE_POINT = 0x10ffff;

/** A set of code points with a quick test: a table for the first 256, binary search above. */
export class CodePointSet {
  readonly ranges: Ranges;
  readonly #table = new Uint8Array(256);
  readonly #bounds: Int32Array;

  /** `ranges` in any order, overlapping or not. */
  constructor(ranges: Ranges) {
    this.ranges = orderRanges(ranges);
    this.#bounds = Int32Array.from(this.ranges);
    for (let at = 0; at < this.ranges.length; at += 2) {
      if (this.ranges[at]! < 256) this.#table.fill(1, this.ranges[at], this.ranges[at + 1]! + 1);
    }
  }

  /** All other code points. */
  inverted(): CodePointSet {
    return new CodePointSet(invertRanges(this.ranges));
  }

  /** The only member; undefined when there are several or none. */
  get only(): number | undefined {
    return this.ranges.length === 2 && this.ranges[0] === this.ranges[1] ? this.ranges[0] : undefined;
  }

  has(code: number): boolean {
    return code < 256 ? this.#table[code] === 1 : this.#search(code);
  }

  #search(code: number): boolean {
    const bounds = this.#bounds;
    let low = 0;
    let high = bounds.length >> 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (bounds[2 * middle + 1]! < code) low = middle + 1;
      else high = middle;
    }
    return 2 * low < bounds.length && bounds[2 * low]! <= code;
  }
}

/** Sorted, with what overlaps or touches joined. */
function orderRanges(ranges: Ranges): Ranges {
  const pairs: [first: number, last: number][] = [];
  for (let at = 0; at < ranges.length; at += 2) pairs.push([ranges[at]!, ranges[at + 1]!]);
  pairs.sort(([one], [two]) => one - two);
  const out: number[] = [];
  for (const [first, last] of pairs) {
    const before = out.length - 1;
    if (before > 0 && first <= out[before]! + 1) out[before] = Math.max(out[before]!, last);
    else out.push(first, last);
  }
  return out;
}

/** The members of all of them. */
export function union(sets: readonly CodePointSet[]): CodePointSet {
  const [only] = sets;
  return sets.length === 1 ? only! : new CodePointSet(sets.flatMap(({ ranges }) => ranges));
}

/** All code points that are not in these ordered ranges. */
function invertRanges(ranges: Ranges): Ranges {
  const out: number[] = [];
  let next = 0;
  for (let at = 0; at < ranges.length; at += 2) {
    if (ranges[at]! > next) out.push(next, ranges[at]! - 1);
    next = ranges[at + 1]! + 1;
  }
  if (next <= LAST_CODE_POINT) out.push(next, LAST_CODE_POINT);
  return out;
}
