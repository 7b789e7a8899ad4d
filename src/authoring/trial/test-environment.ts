import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ConfigObject, ResolvedConfig, ServerInstance } from '../../config/index.js';
import { errors } from '../../errors/index.js';
import type { Hosted, HostServers } from '../../graph/index.js';
import { buildEnvironment, isForeign, mentioned } from '../../graph/index.js';
import type { Environment } from '../../protocol/index.js';
import { createRedactor, systemClock } from '../../transport/index.js';
import { blocksFor, NOBODY, openModels } from '../open-models.js';
import { startJudge, Trial } from './trial.js';
import type { TrialReport } from './trial.js';

export interface TestOptions {
  /** Instance or implementation. */
  name: string;
  /** The file that defines it. */
  config: string;
  /** The configuration that has it, over these lowest-ranking values. */
  resolve: (initial: ConfigObject) => Promise<ResolvedConfig>;
  /** Starts programs. */
  host: HostServers;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** Write what comes out as what is expected. */
  updateExpected?: boolean;
}

/** The environment's server block. Throws NgError where there is none, or several that it might be. */
export function environmentServer(resolved: ResolvedConfig, name: string): ServerInstance {
  const all = resolved.servers.filter(({ type }) => type === 'resources_servers');
  const found =
    all.find((server) => server.name === name) ??
    all.find(({ implementation }) => implementation === name) ??
    (all.length === 1 ? all[0] : undefined);
  if (found === undefined) {
    throw errors.unknownServer(
      name,
      'resources_servers',
      all.map((server) => server.name),
    );
  }
  return found;
}

/** Where its rows and cases are: the folder of its kind that has some, in the first root. */
export function environmentFolder(
  { implementation }: ServerInstance,
  roots: readonly string[],
  cwd: string,
): string {
  const folders = [cwd, ...roots].map((root) => path.join(root, 'resources_servers', implementation));
  const holds = (folder: string): boolean =>
    ['data', 'tests'].some((name) => existsSync(path.join(folder, name)));
  return folders.find(holds) ?? folders[0]!;
}

/** The reward range that a block declares. Throws NgError for one that is none. */
function rangeOf({ name, type, implementation, config }: ServerInstance): readonly [number, number] | null {
  const { reward_range: given } = config;
  if (given == null) return null;
  const [low, high, ...more] = Array.isArray(given) ? given : [];
  if (typeof low === 'number' && typeof high === 'number' && low <= high && more.length === 0)
    return [low, high];
  throw errors.serverKeyInvalid(
    `${name}.${type}.${implementation}.reward_range`,
    'two numbers, the lower one first',
  );
}

/** Of a program that is started nobody knows but the agent that plays it. */
function playsInTurns(resolved: ResolvedConfig, { name }: ServerInstance): boolean {
  return resolved.servers.some(
    ({ implementation, config }) =>
      implementation === 'gymnasium_agent' && mentioned(config, 'resources_servers').includes(name),
  );
}

/** A model server whose answers are those of the cases. */
const scripted = (url: string): ConfigObject => ({
  openai_model: {
    entrypoint: 'app.py',
    openai_base_url: url,
    openai_api_key: 'none',
    openai_model: 'trial',
    max_attempts: 1,
  },
});

/**
 * Tries an environment: its example rows, its cases, what sessions must keep to, its recorded rollouts. No model is
 * asked but where the configuration has a real one for a judge. A program that is not built in is started. Throws
 * NgError for a configuration or a file that cannot be read.
 */
export async function testEnvironment(options: TestOptions): Promise<TrialReport> {
  const { name, config, resolve, host, env, cwd, updateExpected = false } = options;
  const open = openModels(config);
  const first = await resolve(blocksFor(open, NOBODY));
  const server = environmentServer(first, name);
  const folder = environmentFolder(server, first.roots, cwd);
  const range = rangeOf(server);
  const judge = await startJudge(folder);
  const logs = mkdtempSync(path.join(tmpdir(), 'ngym-trial-'));
  let hosted: Hosted | undefined;
  let made: { environment: Environment; close: () => Promise<void> } | undefined;
  try {
    const resolved = await resolve(blocksFor(open, scripted(judge.url)));
    const redactor = createRedactor(resolved.namedSecrets());
    const services = { clock: systemClock, random: Math.random, redactor };
    const asked = environmentServer(resolved, server.name);
    if (isForeign(asked, resolved))
      hosted = await host(resolved, [asked.name], { ...services, logs, env, cwd });
    made = await buildEnvironment(hosted?.resolved ?? resolved, services, asked.name);
    const turns = hosted === undefined ? made.environment.step !== undefined : playsInTurns(resolved, asked);
    const trial = new Trial(made.environment, judge, {
      name: asked.name,
      folder,
      range,
      turns,
      updateExpected,
    });
    return await trial.run();
  } finally {
    await made?.close();
    await hosted?.close(0);
    judge.close();
    rmSync(logs, { recursive: true, force: true });
  }
}
