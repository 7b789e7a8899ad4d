import { z } from 'zod';
import type { Verdict } from '../../../protocol/index.js';
import { characters } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { allText } from '../../kit/reply-text.js';
import { inBudget, rowPattern } from '../../kit/row-pattern.js';

/** A text stands for the list of its characters, as it does in Python. */
const texts = z.union([z.array(z.string()), z.string()]).default([]);
const listOf = (given: readonly string[] | string): readonly string[] =>
  typeof given === 'string' ? characters(given) : given;

const lines = z.looseObject({
  type: z.enum(['regex', 'inline_prose']),
  verify_regex: texts,
  verify_min_matches: z.union([z.number(), z.boolean()]).default(1),
});
const markers = z.looseObject({
  type: z.literal('string_match'),
  expected_markers: texts,
  patterns: texts.nullable(),
});

/** A line counts once, however many patterns it matches. */
function countLines(
  text: string,
  { verify_regex: patterns, verify_min_matches: least }: z.infer<typeof lines>,
): Verdict {
  const compiled = listOf(patterns).map((pattern) => rowPattern(pattern, 'verifier.verify_regex'));
  const found = inBudget('verifier.verify_regex', () =>
    text.split('\n').filter((line) => compiled.some((pattern) => pattern.search(line) !== undefined)),
  ).length;
  const passed = found >= Number(least);
  return {
    reward: Number(passed),
    match_details: { matching_lines: found, min_matches: least, passed },
  };
}

/** Every marker must stand in the text, and what the patterns find must be one of them. */
function findMarkers(
  text: string,
  { expected_markers: expected, patterns }: z.infer<typeof markers>,
): Verdict {
  const wanted = listOf(expected);
  const missing = wanted.filter((marker) => !text.includes(marker));
  const compiled = listOf(patterns ?? []).map((pattern) => rowPattern(pattern, 'verifier.patterns'));
  const spurious = inBudget('verifier.patterns', () =>
    compiled
      .flatMap((pattern) => Array.from(pattern.findIter(text), (match) => match.group()!))
      .filter((found) => !wanted.includes(found)),
  );
  const passed = missing.length === 0 && spurious.length === 0;
  return { reward: Number(passed), match_details: { expected, missing, spurious, passed } };
}

/** Whether a reply has the form that its row asks for: lines that match, or markers that stand in it. */
export const formatVerification = defineEnvironment({
  name: 'format_verification',
  version: 1,
  repeats: ['verifier'],
  reverifyMode: 'stateless',
  config: z.object({}),
  row: z.object({ verifier: z.discriminatedUnion('type', [lines, markers]) }),
  verify: ({ row: { verifier }, response }) =>
    verifier.type === 'string_match'
      ? findMarkers(allText(response), verifier)
      : countLines(allText(response), verifier),
});
