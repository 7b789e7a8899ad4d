import { z } from 'zod';
import type { JsonObject } from '../../../protocol/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { allText } from '../../kit/reply-text.js';
import { taskKeys } from '../../kit/row-keys.js';
import { exactMatch, tokenF1 } from '../../kit/squad.js';
import { alternativesOf, holdsOne, holdsOneStrictly, whyUnreliable } from './alternatives.js';
import { keyMetrics } from './key-metrics.js';
import { readAnswer } from './read-answer.js';

/** Whether a task's answer can be looked for: as its rollouts say, else as its row does. */
function isReliable(task: readonly JsonObject[]): boolean {
  const flags = task.flatMap(({ gt_should_remove: flag }) => (flag === undefined ? [] : [flag]));
  if (flags.length > 0) return !flags.some(Boolean);
  const expected = task.map((one) => one['expected_answer']).find(Boolean);
  return task.length > 0 && (typeof expected !== 'string' || whyUnreliable(expected) === '');
}

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
    groups: (task, config) => (config.report_filtered_metrics && isReliable(task) ? ['filtered_'] : []),
  },
  metrics: (tasks, config): JsonObject =>
    config.report_filtered_metrics
      ? { filtered_num_tasks: tasks.filter(isReliable).length, unfiltered_num_tasks: tasks.length }
      : {},
  keyMetrics,
});
