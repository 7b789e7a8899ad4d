import { lower, pythonRegex, splitWords, strip } from '../../../python/index.js';
import { withoutPunctuation } from '../../kit/punctuation.js';

export const BOTH = 'both of them';
export const NONE = 'none of them';

/** Other words for the two labels that every question has. */
const ALIASES: readonly (readonly [label: string, words: readonly string[]])[] = [
  [BOTH, ['both', 'both of them', 'both objects', 'both of the objects', 'both of these']],
  [
    NONE,
    [
      ...['none', 'none of them', 'none of the objects', 'neither', 'neither of them', 'neither object'],
      ...['no object', 'dk', 'do not know', 'dont know'],
    ],
  ],
];
const ARTICLE = pythonRegex(String.raw`^(?:a|an|the)\s+`);

/** Lower case, no punctuation, single blanks. */
export function plainWords(text: string): string {
  return splitWords(withoutPunctuation(lower(strip(text)))).join(' ');
}

/** How labels are compared: without an article at the start. */
export const labelKey = (text: string): string => strip(ARTICLE.sub('', plainWords(text)));

/** The labels of a question by their keys: its objects, then both and none. */
export function candidatesOf(options: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const label of [...options, BOTH, NONE]) {
    const key = labelKey(label);
    if (key !== '' && !found.has(key)) found.set(key, strip(label));
  }
  return found;
}

/** The one label that an answer names, by itself or among other words; undefined for none or several. */
export function resolve(answer: string, labels: ReadonlyMap<string, string>): string | undefined {
  const key = labelKey(answer);
  if (key === '') return undefined;
  if (labels.has(key)) return labels.get(key);
  const values = [...labels.values()];
  const alias = ALIASES.find(([label, words]) => words.includes(key) && values.includes(label));
  if (alias !== undefined) return labels.get(labelKey(alias[0]));
  const named = [...labels.keys()].filter((label) => key.includes(label));
  // Of two labels one of which is part of the other, the longer is meant.
  const meant = named.filter((label) => !named.some((other) => other !== label && other.includes(label)));
  return meant.length === 1 ? labels.get(meant[0]!) : undefined;
}
