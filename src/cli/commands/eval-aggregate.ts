import type { Run } from '../command.js';
import { EXIT } from '../exit-codes.js';

/** `ng eval aggregate`: metrics over the rollout files of several runs, and the merged file. */
export const run: Run = async ({ overrides, json, host }) => {
  const { aggregateRollouts, resolveConfig } = await import('../../index.js');
  const resolved = await resolveConfig({ overrides, cwd: host.cwd, env: host.env });
  const result = await aggregateRollouts(resolved, { cwd: host.cwd, env: host.env });
  host.stdout.write(json ? `${JSON.stringify(result)}\n` : result.text);
  return EXIT.complete;
};
