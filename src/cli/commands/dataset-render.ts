import type { Run } from '../command.js';
import { EXIT } from '../exit-codes.js';

/** `ng dataset render`: each row with its prompt template filled in. */
export const run: Run = async ({ overrides, host }) => {
  const { renderDataset, resolveConfig } = await import('../../index.js');
  const resolved = await resolveConfig({ overrides, cwd: host.cwd, env: host.env });
  const { rows, output } = await renderDataset(resolved, { cwd: host.cwd, env: host.env });
  host.stdout.write(`${rows} ${rows === 1 ? 'row' : 'rows'} written to ${output}\n`);
  return EXIT.complete;
};
