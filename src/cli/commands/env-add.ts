import type { Run } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { namedFile } from '../report-options.js';

const WORDS: Readonly<Record<string, string>> = {
  resources_servers: 'resources servers',
  responses_api_agents: 'agents',
  responses_api_models: 'model servers',
  environments: 'environments',
  benchmarks: 'benchmarks',
};

/** `ng env add`: what a wheel brings can be named from now on. */
export const run: Run = async (invocation) => {
  const { positional, host, json } = invocation;
  const { addWheel } = await import('../../index.js');
  const added = await addWheel(namedFile(invocation, positional, 'the .whl file'), host.env);
  if (json) host.stdout.write(`${JSON.stringify(added, null, 2)}\n`);
  else {
    const counts = Object.entries(added.counts).filter(([, count]) => count > 0);
    const brought = counts.map(([kind, count]) => `${count} ${WORDS[kind]}`).join(', ');
    host.stdout.write(
      `${added.name} ${added.version}: ${brought}\n${added.files} files in ${added.folder}\n`,
    );
  }
  return EXIT.complete;
};
