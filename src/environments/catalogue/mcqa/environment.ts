import { z } from 'zod';
import { outputText } from '../../../protocol/index.js';
import { strip, upper } from '../../../python/index.js';
import { choicesOf, choicesRow } from '../../kit/choices.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { choiceHeadline } from '../../kit/key-metrics.js';
import { answerColon, answerColonMarkdown } from './answer-colon.js';
import { lenientBoxed, strictBoxed } from './boxed.js';
import { answerByPattern } from '../../kit/output-regex.js';

const GRADERS = {
  strict_single_letter_boxed: strictBoxed,
  lenient_boxed: lenientBoxed,
  lenient_answer_colon: answerColon,
  lenient_answer_colon_md: answerColonMarkdown,
} as const;

const gradingMode = z.enum(Object.keys(GRADERS) as (keyof typeof GRADERS)[]);

const row = choicesRow.extend({
  expected_answer: z.string().refine((text) => strip(text) !== '', 'must not be empty'),
  grading_mode: gradingMode.nullish(),
});

/** Multiple choice questions with one right letter. */
export const mcqa = defineEnvironment({
  name: 'mcqa',
  version: 2,
  reverifyMode: 'stateless',
  config: z.object({ grading_mode: gradingMode.nullish() }),
  row,
  open: (task) => {
    const prefix = task.template_metadata?.answer_prefix ?? '';
    return { ...choicesOf(task), prefix: prefix === '' ? null : prefix };
  },
  verify({ session, row: read, response, config }) {
    const { patterns, options, prefix } = session;
    const text = strip(outputText(response));
    const grade = GRADERS[config.grading_mode ?? read.grading_mode ?? 'strict_single_letter_boxed'];
    // A pattern that finds nothing leaves the answer to the mode.
    const answer =
      text === '' ? null : (answerByPattern(patterns, text, options) ?? grade(text, options, prefix));
    const expected = upper(strip(read.expected_answer));
    return { reward: Number(answer === expected), expected_answer: expected, extracted_answer: answer };
  },
  passMajority: { scores: { accuracy: 'reward' }, answerKey: 'extracted_answer' },
  keyMetrics: choiceHeadline,
});
