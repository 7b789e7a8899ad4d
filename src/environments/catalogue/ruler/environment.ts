import { z } from 'zod';
import { lenientInt, lower, strip } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { allText } from '../../kit/reply-text.js';

/** Subsets of questions: one right answer of several is enough. */
const ONE_IS_ENOUGH = ['qa_1', 'qa_2'];

/** Long contexts of RULER: the share of the expected texts that are part of the reply. */
export const ruler = defineEnvironment({
  name: 'ruler',
  version: 1,
  reverifyMode: 'stateless',
  config: z.object({}),
  row: z.object({ outputs: z.array(z.string()).min(1), length: lenientInt, subset: z.string() }),
  verify({ row: { outputs, subset }, response }) {
    const reply = lower(strip(allText(response)));
    const found = outputs.filter((text) => reply.includes(lower(text))).length;
    return { reward: ONE_IS_ENOUGH.includes(subset) ? Math.min(found, 1) : found / outputs.length };
  },
});
