import { errors } from '../../errors/index.js';
import type { ComponentKind } from '../../index.js';
import type { Run } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { componentTable } from './list.js';

const KINDS: readonly ComponentKind[] = [
  'benchmarks',
  'environments',
  'agents',
  'models',
  'resources-servers',
];

/** `ng search [KIND] WORD`: what has the word, or nearly the word, in any of its columns. */
export const run: Run = async ({ positional, second, json, host }) => {
  if (positional === undefined) throw errors.searchWordMissing();
  const { searchComponents } = await import('../../index.js');
  const named = second === undefined ? undefined : KINDS.find((one) => one === positional);
  if (second !== undefined && named === undefined) throw errors.flagNotWord('the kind', positional, KINDS);
  const kind = named ?? 'environments';
  const word = second ?? positional;
  const found = await searchComponents(kind, word, { cwd: host.cwd, env: host.env });
  const rows = found.map(({ row }) => row);
  if (json) host.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else if (rows.length === 0)
    host.stderr.write(`none of the ${kind} has "${word}"; "ng list ${kind}" has all of them\n`);
  else host.stdout.write(componentTable(rows));
  return EXIT.complete;
};
