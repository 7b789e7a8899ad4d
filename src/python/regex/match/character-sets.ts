import { Flag } from '../flags.js';
import type { Category, SetItem } from '../parse/syntax.js';
import { CodePointSet, invertRanges } from '../../unicode/code-point-set.js';
import type { Ranges } from '../../unicode/code-point-set.js';
import { codePointSet } from '../../unicode/properties.js';
import { foldingFor } from './fold.js';

const ASCII_CATEGORIES: Readonly<Record<Category, Ranges>> = {
  d: [0x30, 0x39],
  s: [9, 13, 0x20, 0x20],
  w: [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a],
};

let unicodeCategories: Readonly<Record<Category, Ranges>> | undefined;

/** The members of `\d`, `\s` or `\w`. */
export function categoryRanges(category: Category, flags: number): Ranges {
  if ((flags & Flag.unicode) === 0) return ASCII_CATEGORIES[category];
  unicodeCategories ??= {
    d: codePointSet('decimal').ranges,
    s: codePointSet('space').ranges,
    w: [...codePointSet('alpha').ranges, ...codePointSet('numeric').ranges, 0x5f, 0x5f],
  };
  return unicodeCategories[category];
}

/** All characters that one character of a pattern matches under these flags, as ranges. */
export function characterRanges(code: number, flags: number): Ranges {
  if ((flags & Flag.ignoreCase) === 0) return [code, code];
  const folding = foldingFor(flags);
  return folding.isCased(code) ? folding.formsOf(code) : [code, code];
}

/** All characters that are members of a set of a pattern under these flags, as ranges. */
export function setRanges(items: readonly SetItem[], flags: number): Ranges {
  const members = (item: SetItem): Ranges => {
    if (item.type === 'character') return [item.code, item.code];
    if (item.type === 'range') return [item.first, item.last];
    const ranges = categoryRanges(item.category, flags);
    return item.negated ? invertRanges(new CodePointSet(ranges).ranges) : ranges;
  };
  if ((flags & Flag.ignoreCase) === 0) return items.flatMap(members);
  const folding = foldingFor(flags);
  const cased = items.some(
    (item) =>
      (item.type === 'character' && folding.isCased(item.code)) ||
      (item.type === 'range' && folding.isCasedRange(item.first, item.last)),
  );
  if (!cased) return items.flatMap(members);
  const wanted = items.flatMap((item) => {
    if (item.type === 'character') return folding.wanted(item.code);
    return item.type === 'range' ? folding.wantedOfRange(item.first, item.last) : members(item);
  });
  return folding.withLower(new CodePointSet(wanted));
}
