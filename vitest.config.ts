import { defineConfig } from 'vitest/config';

/** Every test file that a plain run leaves to `npm run test:long`. */
export const LONG = 'test/**/*.long.test.ts';

/**
 * Rooms whose tests leave nothing behind in their process: their files share one, so that a module is read once and
 * not once per file. Any other test file has a process of its own.
 */
const SHARED = [
  'agents',
  'catalog',
  'cli',
  'config',
  'contracts',
  'environments',
  'graph',
  'metrics',
  'models',
  'protocol',
  'python',
  'report',
  'translate',
].map((room) => `test/${room}/**/*.test.ts`);

const common = { testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    projects: [
      { test: { ...common, name: 'shared', include: SHARED, exclude: [LONG], isolate: false } },
      { test: { ...common, name: 'own', include: ['test/**/*.test.ts'], exclude: [LONG, ...SHARED] } },
    ],
  },
});
