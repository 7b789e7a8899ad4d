import { z } from 'zod';
import { readOptions } from './options.js';
import { compilePatterns } from './output-regex.js';

/** Row keys of a multiple choice question, besides its right answer. */
export const choicesRow = z.object({
  options: z.array(z.record(z.string(), z.string().nullable())).nullish(),
  template_metadata: z
    .looseObject({
      output_regex: z.union([z.string(), z.array(z.string())]).nullish(),
      answer_prefix: z.string().nullish(),
    })
    .nullish(),
});

/** The options of a row and its own patterns for the answer, compiled. */
export function choicesOf({ options, template_metadata: template }: z.infer<typeof choicesRow>) {
  const patterns = template?.output_regex ?? [];
  return {
    patterns: compilePatterns(Array.isArray(patterns) ? patterns : [patterns]),
    options: readOptions(options ?? []),
  };
}
