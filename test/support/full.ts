/**
 * Whether the long form of a test runs: as many kills, rollouts, clients and seconds as the proof needs. A test file
 * that imports this is bounded in `npm test` and played in full by `npm run test:long` (`vitest.long.config.ts`).
 */
export const FULL = process.env['NGYM_FULL'] === '1';
