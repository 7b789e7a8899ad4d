import path from 'node:path';
import { defineConfig } from 'vitest/config';

/** The clients and proxies of others against the real program: `npm run interop`. Not part of `npm test`. */
export default defineConfig({
  test: {
    root: path.resolve(import.meta.dirname, '../..'),
    include: ['test/interop/*.interop.ts'],
    globalSetup: 'test/interop/setup.ts',
    reporters: ['verbose', path.join(import.meta.dirname, 'closing-line.ts')],
    // One after the other: clients with time limits of their own share the machine.
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
