import { isLetter, normalized, upper } from '../../python/index.js';

/** The options of a question as the graders need them. */
export interface Options {
  /** Keys and texts in the row's order; an entry may hold one option or all of them. */
  readonly entries: readonly (readonly [key: string, text: string])[];
  /** Upper-case letters of the options that have a text. */
  readonly letters: ReadonlySet<string>;
}

/** Reads `[{"A": "text"}, …]` or `[{"A": "text", …}]`; an option with the text `null` does not count. */
export function readOptions(given: readonly Readonly<Record<string, string | null>>[]): Options {
  const entries = given
    .flatMap((entry) => Object.entries(entry))
    .filter((entry): entry is [string, string] => entry[1] !== null);
  const letters = entries.filter(([key]) => isLetter(key)).map(([key]) => upper(key));
  return { entries, letters: new Set(letters) };
}

/** The letter of the first option whose text is this, up to case and white space. */
export function letterOfText({ entries, letters }: Options, text: string): string | null {
  const wanted = normalized(text);
  const found = entries.find(([key, option]) => letters.has(upper(key)) && normalized(option) === wanted);
  return found === undefined ? null : upper(found[0]);
}

/** The letter of the one option whose text is part of one of these; null when it is none or several. */
export function letterWithin({ entries, letters }: Options, texts: readonly string[]): string | null {
  const candidates = texts.map(normalized);
  const found = new Set<string>();
  for (const [key, option] of entries) {
    const wanted = normalized(option);
    if (!letters.has(upper(key)) || !isLetter(key) || wanted === '') continue;
    if (candidates.some((candidate) => candidate.includes(wanted))) found.add(upper(key));
  }
  const [only] = found;
  return found.size === 1 ? only! : null;
}
