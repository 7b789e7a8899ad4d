import type { Component } from './component.js';

/** Words of a name or a text, in small letters. */
const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');

/** How many single changes lead from one word to the other, as far as `most`. */
function changes(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(b).entries()) {
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + Number(letter !== other)));
    }
    row = next;
  }
  return row.at(-1)!;
}

/** A word that is nearly this one: a letter in three may be wrong, none of a short word. */
const isNear = (word: string, wanted: string): boolean => {
  const most = wanted.length < 5 ? 0 : Math.floor(wanted.length / 4);
  return most > 0 && changes(word, wanted, most) <= most;
};

/**
 * Those that have the word in their name, domain, description, tags or any other column: first by name, then the rest;
 * where none has it, those with nearly the word in their name.
 */
export function searchIn(components: readonly Component[], wanted: string): Component[] {
  const word = wanted.trim().toLowerCase();
  const nameOf = ({ row }: Component): string => String(row['name']).toLowerCase();
  const has = ({ row }: Component): boolean =>
    Object.values(row).some(
      (value) => value !== null && [value].flat().join(' ').toLowerCase().includes(word),
    );
  const found = components.filter(has);
  const named = found.filter((one) => nameOf(one).includes(word));
  if (found.length > 0) return [...named, ...found.filter((one) => !named.includes(one))];
  return components.filter((one) => wordsOf(nameOf(one)).some((part) => isNear(part, word)));
}
