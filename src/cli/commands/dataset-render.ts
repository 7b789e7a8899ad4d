import path from 'node:path';
import { errors } from '../../errors/index.js';
import type { Run } from '../command.js';
import { EXIT } from '../exit-codes.js';

/** `ng dataset render`: each row with its prompt template filled in. */
export const run: Run = async ({ overrides, host }) => {
  const { renderDataset, resolveConfig } = await import('../../index.js');
  const { values, roots } = await resolveConfig({ overrides, cwd: host.cwd, env: host.env });
  const needed = (flag: string, key: string): string => {
    const value = values[key];
    if (typeof value !== 'string') throw errors.parameterMissing(flag, key, 'dataset render');
    return value;
  };
  const output = needed('--output', 'output_jsonl_fpath');
  const rows = await renderDataset({
    input: needed('--input', 'input_jsonl_fpath'),
    promptConfig: needed('--prompt-config', 'prompt_config'),
    output,
    cwd: host.cwd,
    roots,
  });
  host.stdout.write(`${rows} ${rows === 1 ? 'row' : 'rows'} written to ${path.resolve(host.cwd, output)}\n`);
  return EXIT.complete;
};
