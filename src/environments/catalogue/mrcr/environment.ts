import { z } from 'zod';
import { lenientInt, SequenceMatcher, strip } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { tokensAndPasses } from '../../kit/key-metrics.js';
import { allText } from '../../kit/reply-text.js';
import { keptKeys } from '../../kit/row-keys.js';
import { byKey } from '../../kit/task-groups.js';

const without = (text: string, prefix: string): string =>
  text.startsWith(prefix) ? text.slice(prefix.length) : text;

/** The n-th of several alike texts of a long conversation, to be given back word by word behind a key. */
export const mrcr = defineEnvironment({
  name: 'mrcr',
  version: 1,
  reverifyMode: 'stateless',
  config: z.object({}),
  row: z.object({
    expected_answer: z.string(),
    random_string_to_prepend: z.string(),
    n_needles: lenientInt,
    n_tokens: lenientInt,
  }),
  verify({ row, response }) {
    const { random_string_to_prepend: prefix, expected_answer: expected } = row;
    const reply = strip(allText(response));
    const begun = reply.startsWith(prefix);
    const ratio = begun ? new SequenceMatcher(without(reply, prefix), without(expected, prefix)).ratio() : 0;
    return {
      ...keptKeys(row, 'expected_answer', 'random_string_to_prepend', 'n_needles', 'n_tokens'),
      reward: ratio,
      prefix_matched: begun,
      seq_match_ratio: ratio,
    };
  },
  passMajority: { scores: { accuracy: 'reward' }, groups: byKey('n_needles') },
  keyMetrics: tokensAndPasses,
});
