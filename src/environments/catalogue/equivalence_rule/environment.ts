import { z } from 'zod';
import { characters, normalized, SequenceMatcher } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { allText } from '../../kit/reply-text.js';
import { taskKeys } from '../../kit/row-keys.js';

const alike = (reply: string, answer: string): number => new SequenceMatcher(reply, answer).ratio();

/** Both texts in lower case, white space made one blank. */
const RULES = {
  exact: (reply: string, answer: string) => Number(reply === answer),
  seq_match: alike,
  /** 85 % the whole, 15 % the start: the first ten characters of the answer, and as many of the reply. */
  weighted_seq_match(reply: string, answer: string) {
    const start = characters(answer).slice(0, 10);
    const begun = characters(reply).slice(0, start.length);
    return Math.min(1, 0.85 * alike(reply, answer) + 0.15 * alike(begun.join(''), start.join('')));
  },
} as const;

/** The whole reply against the expected answer, by one of three rules. */
export const equivalenceRule = defineEnvironment({
  name: 'equivalence_rule',
  version: 1,
  reverifyMode: 'stateless',
  config: z.object({
    grading_rule: z.enum(Object.keys(RULES) as (keyof typeof RULES)[]).default('exact'),
    name: z.string().optional(),
  }),
  row: z.object({ expected_answer: z.string() }),
  verify({ row, response, config }) {
    const score = RULES[config.grading_rule](normalized(allText(response)), normalized(row.expected_answer));
    return { ...taskKeys(row), reward: score, equivalence_score: score };
  },
});
