import { Flag } from '../flags.js';
import type { Category, SetItem } from '../parse/syntax.js';
import { CodePointSet, LAST_CODE_POINT, union } from '../../unicode/code-point-set.js';
import { codePointSet } from '../../unicode/properties.js';
import { foldingFor } from './fold.js';

const ANY = new CodePointSet([0, LAST_CODE_POINT]);
const NOT_LINE_FEED = new CodePointSet([10, 10]).inverted();

/** What `.` matches. */
export function anySet(flags: number): CodePointSet {
  return (flags & Flag.dotAll) === 0 ? NOT_LINE_FEED : ANY;
}

const categories = new Map<string, CodePointSet>();

/** `\d`, `\s`, `\w` and their opposites. */
export function categorySet(category: Category, negated: boolean, flags: number): CodePointSet {
  const ascii = (flags & Flag.unicode) === 0;
  const key = `${ascii ? 'a' : 'u'}${negated ? '^' : ''}${category}`;
  let set = categories.get(key);
  if (set === undefined) {
    set = ascii ? asciiCategory(category) : unicodeCategory(category);
    if (negated) set = set.inverted();
    categories.set(key, set);
  }
  return set;
}

function asciiCategory(category: Category): CodePointSet {
  if (category === 'd') return new CodePointSet([0x30, 0x39]);
  if (category === 's') return new CodePointSet([9, 13, 0x20, 0x20]);
  return new CodePointSet([0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a]);
}

function unicodeCategory(category: Category): CodePointSet {
  if (category === 'd') return codePointSet('decimal');
  if (category === 's') return codePointSet('space');
  return union([codePointSet('alpha'), codePointSet('numeric'), new CodePointSet([0x5f, 0x5f])]);
}

/** Sets of the first characters: long patterns are made of few letters. */
const characters = new Map<number, CodePointSet>();

/** All characters that one character of a pattern matches under these flags. */
export function characterSet(code: number, flags: number): CodePointSet {
  const relevant = flags & (Flag.ignoreCase | Flag.unicode);
  const key = 64 * code + relevant;
  let set = characters.get(key);
  if (set === undefined) {
    const folding = (flags & Flag.ignoreCase) === 0 ? undefined : foldingFor(flags);
    set = new CodePointSet(folding?.isCased(code) === true ? folding.formsOf(code) : [code, code]);
    if (code < 256) characters.set(key, set);
  }
  return set;
}

/** All characters that are members of a set of a pattern under these flags. */
export function memberSet(items: readonly SetItem[], flags: number): CodePointSet {
  const folding = (flags & Flag.ignoreCase) === 0 ? undefined : foldingFor(flags);
  const cased =
    folding !== undefined &&
    items.some(
      (item) =>
        (item.type === 'character' && folding.isCased(item.code)) ||
        (item.type === 'range' && folding.isCasedRange(item.first, item.last)),
    );
  const sets = items.map((item) => {
    if (item.type === 'category') return categorySet(item.category, item.negated, flags);
    const [first, last] = item.type === 'character' ? [item.code, item.code] : [item.first, item.last];
    if (!cased) return new CodePointSet([first, last]);
    return new CodePointSet(
      item.type === 'character' ? folding.wanted(item.code) : folding.wantedOfRange(first, last),
    );
  });
  return cased ? new CodePointSet(folding.withLower(union(sets))) : union(sets);
}
