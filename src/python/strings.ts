import { codePointSet } from './unicode/properties.js';

/** `str.strip()`: Python's white space, which is not JavaScript's. With an argument: those characters instead. */
export function strip(text: string, characters?: string): string {
  return stripStart(stripEnd(text, characters), characters);
}

/** `str.lstrip()` */
export function stripStart(text: string, characters?: string): string {
  const drop = dropped(characters);
  let start = 0;
  for (const character of text) {
    if (!drop(character)) break;
    start += character.length;
  }
  return text.slice(start);
}

/** `str.rstrip()` */
export function stripEnd(text: string, characters?: string): string {
  const drop = dropped(characters);
  let end = text.length;
  while (end > 0) {
    const last = lastCharacter(text, end);
    if (!drop(last)) break;
    end -= last.length;
  }
  return text.slice(0, end);
}

function dropped(characters: string | undefined): (character: string) => boolean {
  if (characters !== undefined) {
    const wanted = new Set(characters);
    return (character) => wanted.has(character);
  }
  const space = codePointSet('space');
  return (character) => space.has(character.codePointAt(0)!);
}

function lastCharacter(text: string, end: number): string {
  const pair = text.slice(Math.max(0, end - 2), end);
  return pair.codePointAt(0)! > 0xffff ? pair : text.slice(end - 1, end);
}

/** `str.split()`: the words between runs of white space. */
export function splitWords(text: string): string[] {
  const space = codePointSet('space');
  const words: string[] = [];
  let start = -1;
  for (let at = 0; at <= text.length; at++) {
    const inWord = at < text.length && !space.has(text.charCodeAt(at));
    if (inWord && start === -1) start = at;
    if (!inWord && start !== -1) {
      words.push(text.slice(start, at));
      start = -1;
    }
  }
  return words;
}

/** `str.splitlines()`: Python knows more ends of lines than `\n`; an end at the very end begins no line. */
export function splitLines(text: string): string[] {
  const lines = text.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** The code points of a text as strings: what Python counts and slices by. */
export function characters(text: string): string[] {
  return Array.from(text);
}
