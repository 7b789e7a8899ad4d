import { z } from 'zod';
import { outputText } from '../../protocol/index.js';
import { defineEnvironment } from '../define-environment.js';
import { highestK, pick } from '../key-metrics.js';
import { answerColon, answerColonMarkdown } from './answer-colon.js';
import { lenientBoxed, strictBoxed } from './boxed.js';
import { readOptions } from './options.js';
import { answerByPattern, compilePatterns } from './output-regex.js';

const GRADERS = {
  strict_single_letter_boxed: strictBoxed,
  lenient_boxed: lenientBoxed,
  lenient_answer_colon: answerColon,
  lenient_answer_colon_md: answerColonMarkdown,
} as const;

const gradingMode = z.enum(Object.keys(GRADERS) as (keyof typeof GRADERS)[]);

const row = z
  .object({
    options: z.array(z.record(z.string(), z.string().nullable())).nullish(),
    expected_answer: z.string().refine((text) => text.trim() !== '', 'must not be empty'),
    grading_mode: gradingMode.nullish(),
    template_metadata: z
      .looseObject({ output_regex: z.union([z.string(), z.array(z.string())]).nullish() })
      .nullish(),
  })
  .refine((read) => read.options != null || patternsOf(read).length > 0, {
    path: ['options'],
    message: 'needed to grade without template_metadata.output_regex',
  });

function patternsOf(read: {
  template_metadata?: { output_regex?: string | string[] | null } | null;
}): string[] {
  const patterns = read.template_metadata?.output_regex ?? [];
  return (Array.isArray(patterns) ? patterns : [patterns]).filter((pattern) => pattern !== '');
}

/** Multiple choice questions with one right letter. */
export const mcqa = defineEnvironment({
  name: 'mcqa',
  version: 1,
  reverifyMode: 'stateless',
  config: z.object({ grading_mode: gradingMode.nullish() }),
  row,
  open: (read) => ({ patterns: compilePatterns(patternsOf(read)), options: readOptions(read.options ?? []) }),
  verify({ session, row: read, response, config }) {
    const { patterns, options } = session;
    const text = outputText(response);
    const grade = GRADERS[config.grading_mode ?? read.grading_mode ?? 'strict_single_letter_boxed'];
    const answer = patterns.length > 0 ? answerByPattern(patterns, text, options) : grade(text, options);
    const expected = read.expected_answer.trim().toUpperCase();
    return { reward: Number(answer === expected), expected_answer: expected, extracted_answer: answer };
  },
  passMajority: { scores: { accuracy: 'reward' }, answerKey: 'extracted_answer' },
  keyMetrics: (metrics) => ({
    ...pick(metrics, ['mean/reward']),
    ...highestK(metrics, 'pass@1[avg-of-{k}]', ['accuracy', 'no_answer']),
    ...highestK(metrics, 'pass@{k}', ['no_answer']),
    ...highestK(metrics, 'majority@{k}', ['accuracy']),
    ...pick(metrics, ['pass@1/accuracy']),
  }),
});
