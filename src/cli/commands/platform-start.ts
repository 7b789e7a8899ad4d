import { readFileSync } from 'node:fs';
import path from 'node:path';
import { errors } from '../../errors/index.js';
import type { Run } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { untilStopped } from '../until-stopped.js';

/** How long requests in flight may take after Ctrl-C. Unit: milliseconds. */
const GRACE_MS = 30_000;

/** `ng platform start`: the platform in this process, until it is told to stop. */
export const run: Run = async ({ host, json, options, lists }) => {
  const say = (message: string): void => void host.stderr.write(`${message}\n`);
  const { loadMiddleware, startPlatform } = await import('../../index.js');
  const middleware = await loadMiddleware(lists['middleware'] ?? [], host.cwd);
  const platform = await startPlatform({
    ...settingsOf(options),
    middleware,
    tell: say,
    revision: version(),
    env: host.env,
  });
  const stop = untilStopped(host, say);
  try {
    host.stdout.write(json ? `${JSON.stringify({ url: platform.url })}\n` : `${platform.url}\n`);
    say(`ready; clients: export NMP_BASE_URL=${platform.url}; Ctrl-C stops`);
    await stop.first;
    await Promise.race([platform.close(GRACE_MS), stop.second]);
    return EXIT.complete;
  } finally {
    stop.release();
  }
};

function settingsOf(options: Readonly<Record<string, string | true | undefined>>) {
  const text = (name: string): string | undefined => {
    const value = options[name];
    return typeof value === 'string' ? value : undefined;
  };
  const listed = (name: string): string[] | undefined =>
    text(name)
      ?.split(',')
      .map((each) => each.trim());
  const [host, port, database] = ['host', 'port', 'database'].map(text);
  const [hosts, kinds, programs, images] = [
    'allow-hosts',
    'deployments',
    'allow-programs',
    'allow-images',
  ].map(listed);
  if (kinds === undefined && (programs ?? images) !== undefined) throw errors.deploymentPrograms();
  if (port !== undefined && !/^\d{1,5}$/.test(port))
    throw errors.platformOptionInvalid('--port', 'a port number');
  return {
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port: Number(port) }),
    ...(database !== undefined && { database }),
    ...(hosts !== undefined && { allowedHosts: hosts }),
    ...(kinds !== undefined && {
      deployments: {
        kinds,
        ...(programs !== undefined && { programs }),
        ...(images !== undefined && { images }),
      },
    }),
  };
}

function version(): string {
  const file = path.resolve(import.meta.dirname, '../../../package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
