import { checkParameters } from '../check-parameters.js';
import type { Run } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { openLookup } from '../platform-lookup.js';
import { textTable } from '../text-table.js';
import { untilStopped } from '../until-stopped.js';
import type { Served } from '../../index.js';

/** How long requests in flight may take after Ctrl-C. Unit: milliseconds. */
const GRACE_MS = 30_000;

/**
 * `ng env start`: every server of the configuration in this process, until it is told to stop; only our own block where
 * somebody else starts us as one of its servers.
 */
export const run: Run = async (invocation) => {
  const { host, json, overrides } = invocation;
  const say = (message: string): void => void host.stderr.write(`${message}\n`);
  const { ownBlock, resolveConfig, startServers } = await import('../../index.js');
  const own = await ownBlock(host.env);
  const resolved = await resolveConfig({ overrides, cwd: host.cwd, env: host.env, own });
  await checkParameters(invocation, resolved);
  for (const warning of resolved.warnings) say(`warning: ${warning}`);
  const lookup = openLookup(host.env);
  const served = await startServers(resolved, {
    notify: ({ level, message }) => say(`${level}: ${message}`),
    env: host.env,
    own,
    cwd: host.cwd,
    platform: lookup.platform,
  }).catch(async (error: unknown) => {
    await lookup.close();
    throw error;
  });
  const stop = untilStopped(host, say);
  try {
    for (const warning of served.warnings) say(`warning: ${warning}`);
    host.stdout.write(json ? `${JSON.stringify(record(served))}\n` : table(served));
    say(`ready; head server at ${served.headUrl}; Ctrl-C stops`);
    if (resolved.values['preflight'] !== false) await Promise.race([tellPreflight(served, say), stop.first]);
    await stop.first;
    await Promise.race([served.close(GRACE_MS), stop.second]);
    return EXIT.complete;
  } finally {
    await served.close(0);
    await lookup.close();
    stop.release();
  }
};

/** Whether the models answer, said once the servers do. */
async function tellPreflight(served: Served, say: (message: string) => void): Promise<void> {
  for (const problem of await served.preflight()) say(`warning: ${problem}`);
}

function record({ headUrl, instances }: Served): object {
  return { head_url: headUrl, servers: instances };
}

function table({ headUrl, instances }: Served): string {
  const rows = instances.map(({ process_name: name, server_type: type, name: implementation, url, pid }) => [
    name,
    `${type}/${implementation}`,
    url,
    pid === null ? 'elsewhere' : 'ready',
  ]);
  return textTable(
    ['name', 'type', 'address', 'state'],
    [...rows, ['head_server', 'head', headUrl, 'ready']],
  );
}
