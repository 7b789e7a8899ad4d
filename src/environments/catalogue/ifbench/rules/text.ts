import { characters, lower, splitWords, strip, stripEnd, stripStart } from '../../../../python/index.js';

export const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';
const MARKS = new Set(PUNCTUATION);

/** Without any mark of ASCII. */
export const unmarked = (text: string): string =>
  characters(text)
    .filter((one) => !MARKS.has(one))
    .join('');

/** Words in lower case, marks dropped first. */
export const plainWords = (text: string): string[] => splitWords(unmarked(lower(text)));

/** Marks and blanks taken off both ends, or one. */
export const trimmed = (text: string): string => strip(text, `${PUNCTUATION} `);
export const trimmedStart = (text: string): string => stripStart(text, `${PUNCTUATION} `);
export const trimmedEnd = (text: string): string => stripEnd(text, `${PUNCTUATION} `);

/** Letters of ASCII only, accents dropped. */
export const asciiOnly = (text: string): string => text.normalize('NFKD').replace(/[^\0-\x7f]/g, '');

export const reversed = (text: string): string => characters(text).toReversed().join('');
