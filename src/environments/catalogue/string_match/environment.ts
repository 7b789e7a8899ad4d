import { z } from 'zod';
import { lenientBool, strip } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { assistantLines } from '../../kit/reply-text.js';
import { EXTRACTIONS } from './extract.js';
import { gradeText } from './grade.js';

/** Short free texts, compared after normalising numbers, units, LaTeX, lists and the names of states. */
export const stringMatch = defineEnvironment({
  name: 'string_match',
  version: 1,
  reverifyMode: 'stateless',
  config: z.object({}),
  row: z.object({
    expected_answer: z.string(),
    extraction_mode: z.enum(Object.keys(EXTRACTIONS) as (keyof typeof EXTRACTIONS)[]).default('final_answer'),
    case_sensitive: lenientBool.default(false),
    metadata: z.record(z.string(), z.unknown()).nullish(),
  }),
  verify({ row: { expected_answer: expected, extraction_mode: mode, case_sensitive: exact }, response }) {
    const answer = EXTRACTIONS[mode](assistantLines(response));
    const grade = (text: string): number =>
      exact ? Number(strip(text) === strip(expected)) : gradeText(expected, text);
    return {
      reward: answer === null || expected === '' ? 0 : grade(answer),
      expected_answer: expected,
      extracted_answer: answer,
    };
  },
});
