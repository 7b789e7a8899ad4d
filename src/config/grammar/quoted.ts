import type { Cursor } from './cursor.js';

/**
 * Reads quoted text with the cursor at the opening quote. Only the delimiter can be escaped; backslashes
 * directly before a delimiter halve, all others stay. `interpolation` reads each unescaped `${`.
 */
export function readQuoted<Part>(
  cursor: Cursor,
  interpolation: (cursor: Cursor) => string | Part,
): (string | Part)[] {
  const open = cursor.position;
  const quote = cursor.peek();
  cursor.position++;
  const parts: (string | Part)[] = [];
  let text = '';
  for (;;) {
    const slashes = cursor.match(/\\*/y).length;
    if (cursor.done) {
      cursor.failAt(open, 'this quote is never closed', `Add ${quote} at the end, or remove this one.`);
    }
    if (cursor.peek() === quote) {
      cursor.position++;
      text += '\\'.repeat(Math.floor(slashes / 2));
      if (slashes % 2 === 0) break;
      text += quote;
    } else if (cursor.startsWith('${')) {
      const literal = slashes % 2 === 1;
      const inner = literal ? '' : interpolation(cursor);
      // Raw text is interpolated later, so its escapes stay as they are.
      if (typeof inner === 'string')
        text += '\\'.repeat(slashes) + inner + (literal ? cursor.match(/\$\{/y) : '');
      else {
        parts.push(text + '\\'.repeat(slashes / 2), inner);
        text = '';
      }
    } else {
      text += '\\'.repeat(slashes) + cursor.peek();
      cursor.position++;
    }
  }
  return [...parts, text].filter((part) => part !== '');
}
