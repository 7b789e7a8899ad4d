/** What the configuration's errors share: places in words, marks under a column, indented lists. */

import type { Where } from '../ng-error.js';

/** A place of a value: only what is printed of it, without what the caller keeps besides. */
export type Place = Where & { source?: string; text?: string };

export function where({ file, line, column, key }: Place): Where {
  return {
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    ...(key === undefined ? {} : { key }),
  };
}

/** `file:line`, the argument, or nothing known. */
export function placeText({ origin }: { origin: Place }): string {
  if (origin.source === 'argument') return `argument ${origin.text ?? ''}`;
  return origin.file === undefined ? 'default' : [origin.file, origin.line].join(':');
}

export function bullets(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}`).join('\n');
}

/** Characters of a long line that are shown around the mark. */
const MAX_SHOWN = 160;

/** A token with a mark under the column where it goes wrong. */
export function marked(text: string, column: number): string {
  // Control characters would move the mark.
  const shown = text.replace(/[\u0000-\u001f]/g, ' ');
  if (shown.length <= MAX_SHOWN) return `    ${shown}\n    ${' '.repeat(column)}^`;
  const from = Math.max(0, Math.min(column - MAX_SHOWN / 2, shown.length - MAX_SHOWN));
  const part = shown.slice(from, from + MAX_SHOWN);
  const before = from === 0 ? '' : '… ';
  const after = from + MAX_SHOWN < shown.length ? ' …' : '';
  return `    ${before}${part}${after}\n    ${' '.repeat(before.length + column - from)}^`;
}
