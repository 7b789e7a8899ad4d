import { z } from 'zod';
import { characters, findAll, isAlpha, pythonRegex, strip, upper } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { assistantLines } from '../../kit/reply-text.js';
import { optionalText, rowMetadata } from '../../kit/row-fields.js';

const ANY_SOLUTION = pythonRegex(String.raw`<solution>\s*(.*?)\s*</solution>`, {
  dotAll: true,
  ignoreCase: true,
});
const LETTER_SOLUTION = pythonRegex(String.raw`<solution>\s*\[?([A-Za-z])\]?\s*</solution>`, {
  multiline: true,
});

/** The first letter that stands alone in the last `<solution>`. */
function lenient(text: string): string | undefined {
  const solution = characters(strip(findAll(ANY_SOLUTION, text).at(-1) ?? ''));
  const isLetterAt = (at: number): boolean => isAlpha(solution[at] ?? '');
  return solution.find((_, at) => isLetterAt(at) && !isLetterAt(at - 1) && !isLetterAt(at + 1));
}

/** The letter, perhaps in brackets, that is all of the first `<solution>` which holds only that. */
const strict = (text: string): string | undefined => LETTER_SOLUTION.search(text)?.group(1);

const READERS = { lenient, strict } as const;

const isChoice = (key: string): boolean => characters(key).length === 1 && isAlpha(key);

/** Which of several patches mends the code: the letter of the answer, in `<solution>`. Nobody is asked. */
export const swerlLlmJudge = defineEnvironment({
  name: 'swerl_llm_judge',
  version: 1,
  // A note of the reference's configuration.
  config: z.object({ dataset_name: z.string().nullish() }),
  operational: ['dataset_name'],
  row: z.object({
    instance_id: optionalText,
    dataset_name: optionalText,
    dataset_split: optionalText,
    expected_answer: z.union([z.string(), z.array(z.string())]).nullish(),
    options: z.array(z.record(z.string(), z.string())).nullish(),
    metadata: rowMetadata,
    grading_mode: z.enum(['lenient', 'strict']).default('lenient'),
  }),
  verify({ row, response }) {
    // Of an option with several keys, the first one counts.
    const keys = (row.options ?? []).flatMap((option) => Object.keys(option).slice(0, 1));
    const allowed = new Set(keys.filter(isChoice).map(upper));
    const expected = [row.expected_answer ?? []].flat().map((answer) => upper(strip(answer)));
    const golds = [...new Set(expected)].filter(
      (gold) => isChoice(gold) && (allowed.size === 0 || allowed.has(gold)),
    );
    const letter = READERS[row.grading_mode](assistantLines(response));
    const choice = letter !== undefined && allowed.has(upper(letter)) ? upper(letter) : null;
    return {
      reward: Number(choice !== null && golds.includes(choice)),
      expected_answer: golds.length === 1 ? golds[0] : golds,
      extracted_answer: choice,
    };
  },
});
