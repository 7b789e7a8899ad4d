import { isLetter, normalized } from '../../python/index.js';

/** The options of a question as the graders need them: letter (upper case) to text. */
export type Options = ReadonlyMap<string, string>;

/** Keeps the options with a one-letter key and a text; the first key of each entry counts. */
export function readOptions(entries: readonly Readonly<Record<string, string | null>>[]): Options {
  const options = new Map<string, string>();
  for (const entry of entries) {
    const [first] = Object.entries(entry);
    if (first === undefined) continue;
    const [key, text] = first;
    if (isLetter(key) && text !== null) options.set(key.toUpperCase(), text);
  }
  return options;
}

/** The letter of the first option whose text is this, up to case and white space. */
export function letterOfText(options: Options, text: string): string | null {
  const wanted = normalized(text);
  for (const [letter, option] of options) if (normalized(option) === wanted) return letter;
  return null;
}
