import { defineEnvironment } from 'ngym';
import { z } from 'zod';

/** A running total is to be brought to a wanted number with a tool. */
export default defineEnvironment({
  name: 'my_environment',
  // Keys of a dataset row that are read here. A row that does not fit fails by itself, and says why.
  row: z.object({ wanted: z.number().int() }),
  // The state of one episode.
  open: () => ({ total: 0, calls: 0 }),
  tools: {
    add: {
      parameters: z.object({ amount: z.number().int() }),
      run(session, { amount }) {
        session.total += amount;
        session.calls += 1;
        return { total: session.total };
      },
    },
  },
  verify: ({ session, row }) => ({
    reward: Number(session.total === row.wanted),
    total: session.total,
    calls: session.calls,
  }),
});
