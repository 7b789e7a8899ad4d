import type { Difference } from '../oracle.js';

const differences: readonly Difference[] = [
  {
    why: 'an episode always starts from its row here; the reference counts from 0 when /seed_session was left out',
    is: ({ row, session = [], seed_session: seeded }) => {
      const added = session.map(({ arguments: args }) => Number((args as { count?: unknown }).count ?? 0));
      const ended = added.reduce((sum, count) => sum + count, Number(row['initial_count']));
      return seeded === undefined && ended === row['expected_count'];
    },
  },
];
export default differences;
