import { z } from 'zod';
import { outputText } from '../../../protocol/index.js';
import { characters, isUpper, pythonRegex, strip, upper } from '../../../python/index.js';
import { choicesOf, choicesRow } from '../../kit/choices.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { choiceHeadline } from '../../kit/key-metrics.js';
import { answerByPattern } from '../../kit/output-regex.js';

const BOXED = pythonRegex(String.raw`\\boxed\{([^}]*)\}`, { dotAll: true });
const STANDING_ALONE = pythonRegex(String.raw`\b([A-Z])\b`);
const ANSWER = pythonRegex(
  String.raw`(?i)[\*\_]{0,2}Answer[\*\_]{0,2}\s*:[\s\*\_]{0,2}\s*([A-Z])(?![a-zA-Z0-9])`,
);

/** The letter in the last box: the only one, else the last capital that stands alone; else that after `Answer:`. */
function letterIn(text: string): string | undefined {
  const box = BOXED.findAll(text).at(-1);
  if (box !== undefined) {
    const inner = strip(box);
    if (characters(inner).length === 1 && isUpper(inner)) return inner;
    const alone = STANDING_ALONE.findAll(inner).at(-1);
    if (alone !== undefined) return alone;
  }
  return ANSWER.findAll(text).at(-1);
}

/** Multiple choice questions of GPQA Diamond. */
export const gpqaDiamond = defineEnvironment({
  name: 'gpqa_diamond',
  version: 1,
  reverifyMode: 'stateless',
  config: z.object({ grading_mode: z.string().nullish() }),
  row: choicesRow.extend({
    expected_answer: z.string().nullish(),
    grading_mode: z.enum(['strict_single_letter_boxed', 'lenient_boxed', 'lenient_answer_colon']).optional(),
    uuid: z.string().nullish(),
    metadata: z.record(z.string(), z.unknown()).nullish(),
  }),
  open: choicesOf,
  verify({ session: { patterns, options }, row, response }) {
    const text = strip(outputText(response));
    const letter = upper(letterIn(text) ?? '');
    const allowed = options.letters.size === 0 || options.letters.has(letter);
    const answer = answerByPattern(patterns, text, options) ?? (letter !== '' && allowed ? letter : null);
    const expected = upper(strip(row.expected_answer ?? ''));
    return { reward: Number(answer === expected), expected_answer: expected, extracted_answer: answer };
  },
  passMajority: { scores: { accuracy: 'reward' }, answerKey: 'extracted_answer' },
  keyMetrics: choiceHeadline,
});
