import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Every test file that a plain run leaves to `npm run test:long`. */
export const LONG = 'test/**/*.long.test.ts';

/** Test files that measure or change the process that they run in: each has one of its own. */
const OWN = ['test/serve/load.test.ts', 'test/serve/model-server.test.ts'];

const common = { testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    // Tests that wait (for a pause, for a program) leave the processor to others: more workers than cores pay.
    maxWorkers: Math.max(4, availableParallelism()),
    projects: [
      {
        // The other files leave nothing behind, so that they can share processes: a module is read once in each, and
        // not once per file. That is a third of the whole time.
        test: {
          ...common,
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: [LONG, ...OWN],
          isolate: false,
        },
      },
      { test: { ...common, name: 'own', include: OWN, exclude: [LONG] } },
    ],
  },
});
