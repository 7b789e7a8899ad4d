import { pythonRegex, upper } from '../../../python/index.js';

const HEADED = pythonRegex(String.raw`##\s*Equivalence\s*Judgement\s*\n\s*(TRUE|FALSE)`, {
  ignoreCase: true,
});
const ALONE = pythonRegex(String.raw`\b(TRUE|FALSE)\b`, { ignoreCase: true });

/** What a judge says under its heading, else the last of the two words; null where there is none. */
export function judgement(text: string): 'TRUE' | 'FALSE' | null {
  const word = HEADED.search(text)?.group(1) ?? ALONE.findAll(text).at(-1);
  if (word === undefined) return null;
  return upper(word) === 'TRUE' ? 'TRUE' : 'FALSE';
}
