import { isSpace, strip } from '../../../python/index.js';

/** What stands between two boxes that are one answer, where it is longer than a few characters. */
const SEPARATOR = /and|or|,|;/;

/**
 * What stands in the `\boxed{…}` (or `\fbox{…}`) of a text, joined by commas; the text where there is none. `last`: of
 * the last box, and of those before it that belong to it.
 */
export function boxedParts(text: string, boxes: 'all' | 'last'): string {
  const parts: string[] = [];
  let limit = text.length;
  let nextStart: number | undefined;
  for (let from = text.length; ;) {
    const box = lastBefore(text, raw`\boxed`, from);
    const fbox = lastBefore(text, raw`\fbox`, from);
    const start = Math.max(box, fbox);
    if (start < 0) break;
    let open = start + (box > fbox ? raw`\boxed`.length : raw`\fbox`.length);
    while (open < limit && isSpace(text[open]!)) open += 1;
    if (open >= limit) break;
    const close = text[open] === '{' ? closing(text, open, limit) : undefined;
    if (close === undefined) {
      // It is not closed, or has no braces: of the last one, all that follows.
      if (parts.length === 0) parts.push(text.slice(open));
      break;
    }
    const content = strip(text.slice(open + 1, close));
    if (
      boxes === 'last' &&
      nextStart !== undefined &&
      !belongs(text.slice(close + 1, nextStart), content, parts.at(-1))
    )
      break;
    parts.push(content);
    nextStart = start;
    limit = start;
    from = start;
  }
  return parts.length === 0 ? text : parts.reverse().join(',');
}

const raw = String.raw;

/** Python's `text.rfind(word, 0, end)`. */
function lastBefore(text: string, word: string, end: number): number {
  return end < word.length ? -1 : text.lastIndexOf(word, end - word.length);
}

function closing(text: string, open: number, limit: number): number | undefined {
  let depth = 1;
  for (let at = open + 1; at < limit; at += 1) {
    if (text[at] === '{') depth += 1;
    else if (text[at] === '}' && --depth === 0) return at;
  }
  return undefined;
}

/** Near each other, or a little farther with a separator between them and not the same once more. */
function belongs(between: string, content: string, next: string | undefined): boolean {
  const { length } = Array.from(between);
  return length < 10 || (content !== next && length < 70 && SEPARATOR.test(between));
}
