import path from 'node:path';
import { errors } from '../../errors/index.js';
import type { Run } from '../command.js';
import { EXIT } from '../exit-codes.js';

/** `ng eval status <output>`: the counts of a run, and what each rollout in flight is waiting for. */
export const run: Run = async ({ command, positional, overrides, json, host }) => {
  const { describeStatus, resolveWithoutModel, runStatus } = await import('../../index.js');
  const { values } = await resolveWithoutModel({ overrides, cwd: host.cwd, env: host.env });
  const output = positional ?? values['output_jsonl_fpath'];
  if (typeof output !== 'string') {
    throw errors.parameterMissing('the file after the command', 'output_jsonl_fpath', command.path.join(' '));
  }
  const status = await runStatus(path.resolve(host.cwd, output));
  host.stdout.write(json ? `${JSON.stringify(status)}\n` : await describeStatus(status));
  return EXIT.complete;
};
