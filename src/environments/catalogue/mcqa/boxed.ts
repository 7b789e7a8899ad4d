import { findAll, pythonRegex, strip } from '../../../python/index.js';
import { lastBoxContent } from '../../kit/boxed-content.js';
import type { Options } from '../../kit/options.js';
import { letterWithin } from '../../kit/options.js';

/** What stands in the last `\boxed{…}`, without white space around it; null when there is none or it is not closed. */
export function lastBoxed(text: string): string | null {
  const content = lastBoxContent(text);
  return content === null ? null : strip(content);
}

/** Takes off `\text{…}` as often as it surrounds everything; nothing may stand before or after it. */
export function peelText(text: string): string {
  let inner = text;
  while (inner.startsWith('\\text{') && inner.endsWith('}')) inner = strip(inner.slice('\\text{'.length, -1));
  return inner;
}

const ONLY_LETTER = /^[^A-Za-z]*([A-Z])[^A-Za-z]*$/;
const LABEL = pythonRegex(String.raw`\A([A-Z])\s*[:).\-]`);

/**
 * `strict_single_letter_boxed`: one upper-case letter with no other letter in the box, or a letter at the start
 * followed by `:`, `)`, `.` or `-`. A known false reading of the second rule: `\boxed{E. coli}` is E.
 */
export function strictBoxed(text: string, { letters }: Options): string | null {
  const boxed = lastBoxed(text);
  if (boxed === null) return null;
  const inner = peelText(boxed);
  const letter = ONLY_LETTER.exec(inner)?.[1] ?? findAll(LABEL, inner)[0];
  return letter !== undefined && letters.has(letter) ? letter : null;
}

/** `lenient_boxed`: strict, else the one option whose text is part of what the box holds. */
export function lenientBoxed(text: string, options: Options): string | null {
  const strict = strictBoxed(text, options);
  if (strict !== null) return strict;
  const boxed = lastBoxed(text);
  return boxed === null ? null : letterWithin(options, [boxed, peelText(boxed)]);
}
