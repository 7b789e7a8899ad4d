import path from 'node:path';
import { errors } from '../../errors/index.js';
import type { EnvironmentKind, Language } from '../../index.js';
import type { Run } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { givenName } from '../named-environment.js';
import { optionWord } from '../report-options.js';

const KINDS: readonly EnvironmentKind[] = ['verifier', 'tools', 'judge', 'turns'];
const LANGUAGES: readonly Language[] = ['ts', 'py'];

/** `ng env init NAME`: the folder of a new environment, which runs at once. */
export const run: Run = async (invocation) => {
  const { host, json } = invocation;
  const name = givenName(invocation);
  if (name === undefined) throw errors.environmentNotNamed('env init');
  const kind = optionWord(invocation, 'kind', KINDS);
  const lang = optionWord(invocation, 'lang', LANGUAGES);
  const { initEnvironment } = await import('../../index.js');
  const made = await initEnvironment({ name, kind, lang, cwd: host.cwd });
  if (json) {
    host.stdout.write(`${JSON.stringify(made, null, 2)}\n`);
    return EXIT.complete;
  }
  const folder = path.relative(host.cwd, made.folder);
  const lines = [
    `made ${folder}`,
    ...made.files.map((file) => `  ${file}`),
    '',
    'Try it with recorded answers, then test it:',
    `  ng eval run --resources-server ${name} --config ${folder}/configs/offline.yaml \\`,
    `      --agent ${made.agent} --input ${folder}/data/example.jsonl --output results/${name}.jsonl`,
    `  ng env test ${name}`,
  ];
  const { asCalled } = await import('../program-word.js');
  host.stdout.write(`${asCalled(lines.join('\n'), host.programWord())}\n`);
  return EXIT.complete;
};
