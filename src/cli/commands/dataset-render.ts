import path from 'node:path';
import { checkParameters } from '../check-parameters.js';
import type { Run } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { neededText } from '../needed.js';

/** `ng dataset render`: each row with its prompt template filled in. */
export const run: Run = async (invocation) => {
  const { overrides, host } = invocation;
  const { renderDataset, resolveWithoutModel } = await import('../../index.js');
  const resolved = await resolveWithoutModel({ overrides, cwd: host.cwd, env: host.env });
  await checkParameters(invocation, resolved);
  const needed = neededText(invocation, resolved);
  const output = needed('--output', 'output_jsonl_fpath');
  const rows = await renderDataset({
    input: needed('--input', 'input_jsonl_fpath'),
    promptConfig: needed('--prompt-config', 'prompt_config'),
    output,
    cwd: host.cwd,
    roots: resolved.roots,
  });
  host.stdout.write(`${rows} ${rows === 1 ? 'row' : 'rows'} written to ${path.resolve(host.cwd, output)}\n`);
  return EXIT.complete;
};
