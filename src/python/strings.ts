import { codePointSet } from './unicode/properties.js';

/** `str.strip()`: Python's white space, which is not JavaScript's. With an argument: those characters instead. */
export function strip(text: string, characters?: string): string {
  const space = codePointSet('space');
  const drop = (character: string): boolean =>
    characters === undefined ? space.has(character.charCodeAt(0)) : characters.includes(character);
  let start = 0;
  let end = text.length;
  while (start < end && drop(text[start]!)) start += 1;
  while (end > start && drop(text[end - 1]!)) end -= 1;
  return text.slice(start, end);
}

/** `str.split()`: the words between runs of white space. */
export function splitWords(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** Lower case with every run of white space made one space: how option texts are compared. */
export function normalized(text: string): string {
  return splitWords(text.toLowerCase()).join(' ');
}

/** The code points of a text as strings: what Python counts and slices by. */
export function characters(text: string): string[] {
  return Array.from(text);
}

/** True for exactly one character that `str.isalpha()` accepts. */
export function isLetter(text: string): boolean {
  return /^\p{L}$/u.test(text);
}
