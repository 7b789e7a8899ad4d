import { findAll, pythonRegex, strip } from '../../../python/index.js';

const TAGGED = pythonRegex(String.raw`<answer>\s?(.*?)\s?</answer>`, { dotAll: true });
const BOXED = pythonRegex(String.raw`\\boxed\{([^}]+)\}`);

/** The last `<answer>`, else what stands in the first box up to its first `}`, else the whole text. */
export function extractAnswer(text: string): string {
  return strip(findAll(TAGGED, text).at(-1) ?? BOXED.search(text)?.group(1) ?? text);
}
