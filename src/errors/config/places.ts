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

/** A token with a mark under the column where it goes wrong. */
export function marked(text: string, column: number): string {
  // Control characters would move the mark.
  const shown = text.replace(/[\u0000-\u001f]/g, ' ');
  return `    ${shown}\n    ${' '.repeat(column)}^`;
}
