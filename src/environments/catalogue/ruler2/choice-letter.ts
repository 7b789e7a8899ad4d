import { characters, pythonRegex, strip, upper } from '../../../python/index.js';
import { withLatinLetters } from '../../kit/letters.js';

const FINAL_ANSWER = pythonRegex('The final answer is (.+)$', { multiline: true });
const STANDING_ALONE = pythonRegex(String.raw`\b[A-Z]\b`);
const ANSWER = pythonRegex(
  String.raw`(?i)[\*\_]{0,2}Answer[\*\_]{0,2}\s*:[\s\*\_]{0,2}\s*([A-Z])(?![a-zA-Z0-9])`,
);

/** What stands in the last `\boxed{…}`; undefined where it is not closed, or no brace follows at once. */
function lastBox(text: string): string | undefined {
  const start = text.lastIndexOf('\\boxed');
  if (start === -1) return undefined;
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '{') depth += 1;
    else if (text[at] === '}' && --depth === 0) {
      const box = text.slice(start, at);
      return box.startsWith('\\boxed{') ? box.slice('\\boxed{'.length) : undefined;
    }
  }
  return undefined;
}

/**
 * The letter that a reply chooses: after the last `The final answer is`, else in the last box, the only character there
 * or the last capital that stands alone; else after the last `Answer:`.
 */
export function choiceLetter(text: string): string | null {
  const told = FINAL_ANSWER.findAll(text).at(-1) ?? lastBox(text);
  const answer = told === undefined ? '' : strip(withLatinLetters(told).replace(/[Ａ-Ｄ]/gu, fullWidth));
  const letter = characters(answer).length === 1 ? answer : STANDING_ALONE.findAll(answer).at(-1);
  const found = letter ?? ANSWER.findAll(text).at(-1);
  return found === undefined ? null : upper(found);
}

const fullWidth = (letter: string): string => ` ${letter.normalize('NFKC')}`;
