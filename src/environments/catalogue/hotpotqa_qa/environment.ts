import { z } from 'zod';
import { defineEnvironment } from '../../kit/define-environment.js';
import { allText } from '../../kit/reply-text.js';
import { taskKeys } from '../../kit/row-keys.js';
import { exactMatch, tokenF1 } from '../../kit/squad.js';
import { alternativesOf, holdsOne, holdsOneStrictly, whyUnreliable } from './alternatives.js';
import { keyMetrics } from './key-metrics.js';
import { readAnswer } from './read-answer.js';

/** Short answers to questions over several documents, without the documents. */
export const hotpotqaQa = defineEnvironment({
  name: 'hotpotqa_qa',
  version: 1,
  reverifyMode: 'stateless',
  config: z.object({ name: z.string().optional(), report_filtered_metrics: z.boolean().default(true) }),
  row: z.object({ expected_answer: z.string() }),
  verify({ row, response }) {
    const expected = row.expected_answer;
    const answer = readAnswer(allText(response));
    const alternatives = alternativesOf(expected);
    const strict = Number(holdsOneStrictly(answer, alternatives));
    const unreliable = whyUnreliable(expected);
    return {
      ...taskKeys(row),
      reward: strict,
      extracted_answer: answer === '' ? null : answer,
      answer_em: Number(exactMatch(answer, expected)),
      answer_f1: tokenF1(answer, expected),
      is_correct: Number(holdsOne(answer, alternatives)),
      is_correct_strict: strict,
      gt_should_remove: unreliable !== '',
      gt_remove_reason: unreliable,
    };
  },
  passMajority: {
    scores: {
      answer_em: 'answer_em',
      answer_f1: 'answer_f1',
      is_correct: 'is_correct',
      is_correct_strict: 'is_correct_strict',
    },
    answerKey: 'extracted_answer',
    filtered: { without: 'gt_should_remove', switch: 'report_filtered_metrics' },
  },
  keyMetrics,
});
