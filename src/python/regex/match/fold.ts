import { Flag } from '../flags.js';
import { CodePointSet } from '../../unicode/code-point-set.js';
import type { Ranges } from '../../unicode/code-point-set.js';
import { caseMap, extraCases } from '../../unicode/properties.js';

const LAST_OF_BMP = 0xffff;

/**
 * How IGNORECASE compares: by the lower case of one character, which for a few letters stands for others too (`s` and
 * `ſ`, `µ` and `μ`). Where a method of `str` gives several characters, the first counts.
 */
export class CaseFolding {
  readonly #lower: ReadonlyMap<number, number>;
  readonly #upper: ReadonlyMap<number, number>;
  readonly #extras: ReadonlyMap<number, readonly number[]>;
  /** Lower case to all that have it, besides itself. */
  readonly #sources = new Map<number, number[]>();
  readonly #unchanged: Ranges;

  constructor(
    lower: ReadonlyMap<number, number>,
    upper: ReadonlyMap<number, number>,
    extras: ReadonlyMap<number, readonly number[]>,
  ) {
    this.#lower = lower;
    this.#upper = upper;
    this.#extras = extras;
    for (const [code, low] of lower) this.#sources.set(low, [...(this.#sources.get(low) ?? []), code]);
    const changed = new CodePointSet([...lower.keys()].flatMap((code) => [code, code]));
    this.#unchanged = changed.inverted().ranges;
  }

  lower(code: number): number {
    return this.#lower.get(code) ?? code;
  }

  /** True for what has another case. */
  isCased(code: number): boolean {
    return this.#lower.has(code) || this.#upper.has(code);
  }

  /** True when the range is compared by lower case at all. */
  isCasedRange(first: number, last: number): boolean {
    if (last > LAST_OF_BMP) return true;
    const inside = (code: number): boolean => first <= code && code <= last;
    return [...this.#lower.keys()].some(inside) || [...this.#upper.keys()].some(inside);
  }

  /** The lower cases that a character of a pattern stands for, as ranges. */
  wanted(code: number): number[] {
    const lower = this.lower(code);
    return [lower, lower, ...(this.#extras.get(lower) ?? []).flatMap((other) => [other, other])];
  }

  /** The lower cases that a range of a pattern stands for, as ranges. */
  wantedOfRange(first: number, last: number): number[] {
    const out = [first, last];
    const inside = (code: number): boolean => first <= code && code <= last;
    for (const code of this.#lower.keys())
      if (inside(code) && code <= LAST_OF_BMP) out.push(...this.wanted(code));
    for (const code of this.#extras.keys()) if (inside(code)) out.push(...this.wanted(code));
    // Where a range goes beyond the BMP, Python also looks for the upper case of the text in it.
    if (last > LAST_OF_BMP && this.#extras.size > 0) {
      for (const [code, upper] of this.#upper) if (inside(upper)) out.push(code, code);
    }
    return out;
  }

  /** All characters whose lower case is among these. */
  withLower(wanted: CodePointSet): number[] {
    const out = intersection(wanted.ranges, this.#unchanged);
    for (const [code, lower] of this.#lower) if (wanted.has(lower)) out.push(code, code);
    return out;
  }

  /** All characters that match this one. */
  formsOf(code: number): number[] {
    const out: number[] = [];
    const wanted = this.wanted(code);
    for (let at = 0; at < wanted.length; at += 2) {
      const lower = wanted[at]!;
      out.push(lower, lower, ...(this.#sources.get(lower) ?? []).flatMap((source) => [source, source]));
    }
    return out;
  }
}

function intersection(one: Ranges, two: Ranges): number[] {
  const out: number[] = [];
  for (let a = 0, b = 0; a < one.length && b < two.length;) {
    const first = Math.max(one[a]!, two[b]!);
    const last = Math.min(one[a + 1]!, two[b + 1]!);
    if (first <= last) out.push(first, last);
    if (one[a + 1]! < two[b + 1]!) a += 2;
    else b += 2;
  }
  return out;
}

let unicode: CaseFolding | undefined;
let ascii: CaseFolding | undefined;

export function foldingFor(flags: number): CaseFolding {
  if ((flags & Flag.unicode) !== 0) {
    unicode ??= new CaseFolding(firstOf(caseMap('lower')), firstOf(caseMap('upper')), extraCases());
    return unicode;
  }
  const letters = Array.from({ length: 26 }, (_, n): [number, number] => [0x41 + n, 0x61 + n]);
  ascii ??= new CaseFolding(
    new Map(letters),
    new Map(letters.map(([upper, lower]) => [lower, upper])),
    new Map(),
  );
  return ascii;
}

function firstOf(map: ReadonlyMap<number, string>): Map<number, number> {
  return new Map([...map].map(([code, text]) => [code, text.codePointAt(0)!]));
}
