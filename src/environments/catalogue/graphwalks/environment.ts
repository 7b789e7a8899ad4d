import { z } from 'zod';
import { lenientInt } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { tokensAndPasses } from '../../kit/key-metrics.js';
import { expectedNodes, nodesF1, readNodes } from '../../kit/node-list.js';
import { allText } from '../../kit/reply-text.js';
import { keptKeys } from '../../kit/row-keys.js';
import { byKey } from '../../kit/task-groups.js';

/** Nodes of a graph that a walk reaches, by F1. */
export const graphwalks = defineEnvironment({
  name: 'graphwalks',
  version: 1,
  reverifyMode: 'stateless',
  config: z.object({}),
  row: z.object({
    expected_answer: z.string(),
    problem_type: z.string(),
    n_tokens: lenientInt.nullish(),
    prompt_chars: lenientInt.nullish(),
  }),
  verify({ row, response }) {
    const named = readNodes(allText(response));
    const f1 = nodesF1(named, expectedNodes(row.expected_answer));
    return {
      ...keptKeys(row, 'expected_answer', 'problem_type', 'n_tokens', 'prompt_chars'),
      reward: f1,
      f1,
      parse_failed: named === undefined,
      predicted_nodes: named ?? [],
    };
  },
  passMajority: { scores: { accuracy: 'reward' }, groups: byKey('problem_type') },
  keyMetrics: tokensAndPasses,
});
