import { z } from 'zod';
import { defineEnvironment } from '../../kit/define-environment.js';
import { lenientInt } from '../../../python/index.js';

/** A counter that belongs to the episode: the tools change it and the verifier reads it. */
export const exampleSessionStateMgmt = defineEnvironment({
  name: 'example_session_state_mgmt',
  version: 1,
  config: z.object({}),
  reverifyMode: 'unsupported',
  row: z.object({ initial_count: lenientInt, expected_count: lenientInt }),
  open: (row) => ({ count: row.initial_count }),
  openUnseeded: () => ({ count: 0 }),
  tools: {
    increment_counter: {
      parameters: z.object({ count: lenientInt }),
      run(session, { count }) {
        session.count += count;
        return { success: true };
      },
    },
    get_counter_value: { run: (session) => ({ count: session.count }) },
  },
  verify: ({ session, row }) => ({ reward: Number(session.count === row.expected_count) }),
});
