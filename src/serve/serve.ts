import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ResolvedConfig, ServerInstance } from '../config/index.js';
import { errors, NgError } from '../errors/index.js';
import { buildParts, isForeign, refuseForeign, withReferences, withStarted } from '../graph/index.js';
import { preflight, type PlatformLookup } from '../models/index.js';
import type { Clock, Model } from '../protocol/index.js';
import type { Redactor } from '../transport/index.js';
import { createRedactor, keptNotice, systemClock } from '../transport/index.js';
import { Boot } from './boot.js';
import { planChildren } from './children/index.js';
import { headAddress, urlOf, type InstanceInfo } from './head/index.js';
import type { ServerContext } from './server.js';
import { serveSettings, type ServeSettings } from './settings.js';

export interface ServeOptions {
  clock?: Clock;
  /** Uniform in [0, 1). */
  random?: () => number;
  /** Told of the first failure of each kind at each provider, and of processes that end. */
  notify?: (notice: { level: 'info' | 'warn'; message: string }) => void;
  /** Of the processes that are started; default: our own. */
  env?: Readonly<Record<string, string | undefined>>;
  /** The one server to be, of a configuration whose other servers and head somebody else runs; absent: all of them. */
  own?: string | undefined;
  /** Where relative paths of the configuration start; default: the working directory. */
  cwd?: string;
  /** Finds the platform's providers and virtual models that model blocks name; absent: such blocks are refused. */
  platform?: PlatformLookup;
}

/** A client's request waits so long for a provider that is out; then it is told when to come back. Unit: milliseconds. */
const MAX_WAIT_MS = 2_000;

/** The servers of a configuration, running in this process. */
export interface Served {
  /** Address of the head server. */
  readonly headUrl: string;
  readonly instances: readonly InstanceInfo[];
  /** Things worth telling: misspelt keys. */
  readonly warnings: readonly string[];
  /** Asks each model one tiny thing; resolves with what is wrong, one text for each model that does not answer. */
  preflight(): Promise<readonly string[]>;
  /** Lets requests in flight finish for so long, cuts the rest, and releases everything. Safe to call twice. */
  close(graceMs: number): Promise<void>;
}

/**
 * Starts the head server and one server for each block of the configuration that does not run elsewhere: in this
 * process where its implementation is built in, else as a process of its own. Either all of them are up when this
 * resolves, or none is. With `own`, that one alone, and it must be built in: a program is not started in its own place. Throws NgError for a wrong configuration, a program that does not start, or a busy port.
 */
export async function serve(given: ResolvedConfig, options: ServeOptions = {}): Promise<Served> {
  if (given.servers.length === 0) throw errors.nothingToServe();
  const { clock = systemClock, random = randomNumber, notify = () => undefined } = options;
  const { env = process.env, cwd = process.cwd(), own } = options;
  const servers = own === undefined ? given.servers : [ownServer(given, own)];
  const settings = serveSettings(given);
  const redactor = createRedactor(given.namedSecrets());
  const kept = keptNotice(redactor.everyday());
  if (kept !== null) notify(kept);
  const foreign = servers.filter((server) => isForeign(server, given));
  const plans = await planChildren(given, foreign, { env, cwd });
  const resolved = withStarted(given, new Map(plans.map(({ server, urls }) => [server.name, urls])));
  const services = {
    clock,
    random,
    redactor,
    outage: { maxWaitMs: MAX_WAIT_MS },
    notify,
    ...(options.platform !== undefined && { platform: options.platform }),
  };
  const head = headAddress(given);
  const parts = await buildParts(resolved, services, ({ name }) => servers.some((one) => one.name === name));
  const boot = new Boot({
    resolved,
    servers: resolved.servers.filter(({ name }) => servers.some((one) => one.name === name)),
    settings,
    ...(own !== undefined && { headUrl: urlOf(head.host, head.port) }),
    context: serverContext(settings, clock, redactor),
    parts,
    plans,
    neighbours: new Set(
      withReferences(
        given,
        foreign.map(({ name }) => name),
      ).map(({ name }) => name),
    ),
    logs: logFolder(given, cwd),
    env,
    notify,
  });
  try {
    await boot.start();
  } catch (error) {
    await boot.close(0);
    throw error;
  }
  return {
    headUrl: boot.headUrl,
    instances: boot.instances,
    warnings: parts.warnings,
    preflight: () => checkModels([...parts.models.values()], clock),
    close: (graceMs) => boot.close(graceMs),
  };
}

/** Throws NgError where there is no such server, or it is not built in. */
function ownServer(resolved: ResolvedConfig, own: string): ServerInstance {
  const found = resolved.servers.find(({ name }) => name === own);
  if (found === undefined)
    throw errors.ownServerUnknown(
      own,
      resolved.servers.map(({ name }) => name),
    );
  if (isForeign(found, resolved)) refuseForeign(resolved, found);
  return found;
}

/** What all servers of a process share. */
export function serverContext(
  { token, maxBodyBytes }: Pick<ServeSettings, 'token' | 'maxBodyBytes'>,
  clock: Clock,
  redactor: Redactor,
): ServerContext {
  return {
    clock,
    token,
    maxBodyBytes,
    redact: (text) => redactor.json(text),
    redactContent: (text) => redactor.content(text),
  };
}

/** What processes print: where the reference's own key says, else in a folder that the system clears. */
function logFolder({ values }: ResolvedConfig, cwd: string): string {
  const { nemo_gym_log_dir: given } = values;
  if (typeof given === 'string' && given !== '') return path.resolve(cwd, given);
  return path.join(tmpdir(), `ngym-servers-${process.pid}`);
}

/** A provider that does not answer yet is no reason not to serve: it may come up later. */
async function checkModels(models: readonly Model[], clock: Clock): Promise<readonly string[]> {
  const found = await Promise.all(
    models.map(async (model) => {
      try {
        return await preflight(model, clock);
      } catch (error) {
        if (error instanceof NgError) return [error.message];
        throw error;
      }
    }),
  );
  return found.flat();
}

function randomNumber(): number {
  return randomBytes(6).readUIntBE(0, 6) / 2 ** 48;
}
