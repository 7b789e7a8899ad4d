import { pythonRegex, strip } from '../../../python/index.js';

/** Whether a sentence ends here, only the original's trained model can tell. */
export class UnsureSentences extends Error {}

/** An end of a sentence that may be one: the marks, what closes after them, white space. */
const END = pythonRegex(String.raw`(\S*[.?!])([\])}>"'»”’]*)\s+(?=(\S))`);

/** A number and its period end a sentence, unless a mark follows; before a small letter it cannot be told. */
const NUMBER = /^-?[.,]?\d[\d,.-]*\.$/;

/** A word before a period that may be an abbreviation or an initial. */
const UNSURE =
  /^[("'“‘[]*(?:\p{L}|\p{L}[\p{L}.]*\.\p{L}*|(?:mr|mrs|ms|dr|prof|sr|jr|st|gen|col|lt|capt|sgt|rep|sen|gov|rev|hon|messrs|vs|inc|ltd|co|corp|bros|etc|no|vol|fig|dept|est|al|ave|blvd|rd|ft|mt|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|mon|tue|tues|wed|thu|thur|fri|sat|sun|calif|conn|mass|pa|va|tex|ariz|fla|ga|ill|ind|mich|minn|miss|mo|nev|okla|ore|tenn|wash|wis|ala|ark|colo|del|kan|ky|la|md|neb|n\p{L}|a\.m|p\.m|i\.e|e\.g|u\.s))\.$/iu;

/**
 * Sentences as NLTK's English Punkt model sees them: every `?` and `!`, and every period after a word that is surely no
 * abbreviation, ends one where white space follows. For a period after one that may be, `unsure` decides; without it,
 * {@link UnsureSentences} is thrown.
 */
export function punktSentences(text: string, unsure?: 'split' | 'join'): string[] {
  const sentences: string[] = [];
  let at = 0;
  for (const match of END.findIter(text)) {
    const word = match.group(1)!;
    const next = match.group(3)!;
    if (NUMBER.test(word) && /[;,:.!?]/.test(next)) continue;
    const number = NUMBER.test(word) && /\p{Ll}/u.test(next);
    if (number || (word.endsWith('.') && (UNSURE.test(word) || word.endsWith('..')))) {
      if (unsure === undefined) throw new UnsureSentences(`whether a sentence ends after "${word}"`);
      if (unsure === 'join') continue;
    }
    sentences.push(text.slice(at, match.end(2)));
    at = match.end();
  }
  return [...sentences, text.slice(at)]
    .map((sentence) => strip(sentence))
    .filter((sentence) => sentence !== '');
}
