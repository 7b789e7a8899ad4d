import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { LONG } from './vitest.config.js';

/** Test files that have a long form: they import `support/full.js`. */
function withLongForm(): string[] {
  return readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => path.posix.join('test', ...file.split(path.sep)))
    .filter((file) => /from '(?:\.\.?\/)+support\/full\.js'/.test(readFileSync(file, 'utf8')));
}

/** The long proofs, one after the other: what they measure must not be shared with another test. */
export default defineConfig({
  test: {
    include: [LONG, ...withLongForm()],
    env: { NGYM_FULL: '1' },
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
