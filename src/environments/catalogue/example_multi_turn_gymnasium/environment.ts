import { z } from 'zod';
import { outputText } from '../../../protocol/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';

/** A scripted user: each reply is answered with the next follow-up; the reply to the last one is graded. */
export const exampleMultiTurnGymnasium = defineEnvironment({
  name: 'example_multi_turn_gymnasium',
  version: 1,
  config: z.object({}),
  row: z.object({
    follow_ups: z.array(z.string()).default([]),
    expected_answer: z.string().min(1),
  }),
  open: () => ({ asked: 0 }),
  step({ session, row, response }) {
    const next = row.follow_ups[session.asked];
    if (next !== undefined) {
      session.asked += 1;
      return { observation: next };
    }
    const found = outputText(response).toLowerCase().includes(row.expected_answer.toLowerCase());
    return { reward: Number(found), terminated: true };
  },
});
