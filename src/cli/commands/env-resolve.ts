import type { Run } from '../command.js';
import { EXIT } from '../exit-codes.js';

/** `ng env resolve`: the merged configuration as YAML, or where one value came from. */
export const run: Run = async ({ overrides, options, host }) => {
  const { dumpConfig, explainConfig, resolveConfig } = await import('../../index.js');
  const resolved = await resolveConfig({ overrides, cwd: host.cwd, env: host.env });
  for (const warning of resolved.warnings) host.stderr.write(`warning: ${warning}\n`);
  const key = options['explain'];
  const text = typeof key === 'string' ? explainConfig(resolved, key) : dumpConfig(resolved);
  host.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  return EXIT.complete;
};
