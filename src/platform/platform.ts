import {
  isLoopback,
  createApp,
  DEFAULT_MAX_BODY_BYTES,
  HttpError,
  json,
  listen,
  plainError,
  type Find,
} from '../serve/http/index.js';
import { errors } from '../errors/index.js';
import type { Clock, Middleware } from '../protocol/index.js';
import { createRedactor, systemClock, type RetryPolicy } from '../transport/index.js';
import type { LookupFunction } from 'node:net';
import { DatabaseGone, type Database } from '../store/index.js';
import {
  Claim,
  configEndpoints,
  deploymentEndpoints,
  Deployments,
  type Executor,
  type ExecutorContext,
  isOwnServer,
} from './deployments/index.js';
import { Discovery } from './discovery/index.js';
import { Gateway, isForbiddenHost, Upstreams } from './gateway/index.js';
import { createAccess } from './access/index.js';
import { createFinder, openApiOf, type Endpoint } from './http/index.js';
import { Chains, Ledger, Plugins } from './middleware/index.js';
import { Registry, Taken, type Entity } from './registry/index.js';
import {
  BUILT_IN,
  NGC,
  NVIDIA_BUILD,
  refuse,
  resourceEndpoints,
  type ResourceParts,
} from './resources/index.js';
import { Vault, type MasterKey } from './secrets/index.js';

export interface PlatformOptions {
  database: Database;
  /** The keys that open the secrets, the one that seals first. */
  masterKeys: readonly MasterKey[];
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** Asked for with every request; null only on loopback. */
  token: string | null;
  /** Of this program, for `/cluster-info`. */
  revision: string;
  clock?: Clock;
  /** Of NVIDIA’s hosted models: makes the built-in provider `system/nvidia-build`. */
  ngcApiKey?: string | null;
  /** Uniform in [0, 1). */
  random?: () => number;
  /** Unit: bytes. */
  maxBodyBytes?: number;
  /** The hosts that providers may have (`*.example.com` for all below one); null: all but link-local ones and those that give out credentials. */
  allowedHosts?: readonly string[] | null;
  /** How often a provider is asked again before its client is told; default: never. */
  retry?: Partial<RetryPolicy>;
  /** False: nothing is done by itself, but only when {@link Platform.settle} is called. Default true. */
  discovery?: boolean;
  /** The user's own middleware, beside what ships. */
  middleware?: readonly Middleware[];
  /** Told of what went wrong and changed no reply. */
  tell?: (message: string) => void;
  /** Looks up the addresses of a name; default: the system's. */
  lookup?: LookupFunction;
  /** Makes what runs deployments; absent: there are none. */
  executors?: (context: ExecutorContext) => readonly Executor[];
}

/** A platform that answers. */
export interface Platform {
  readonly url: string;
  readonly port: number;
  /** Resolves when everything that the platform does by itself (deployments, discovery) has nothing left to do. */
  settle(): Promise<void>;
  /** Lets requests in flight finish for so long, cuts the rest. The database stays open. */
  close(graceMs: number): Promise<void>;
}

/** Starts the platform: when this resolves, it answers. Throws NgError for what a user can mend. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { host, port, token, clock = systemClock } = options;
  if (token === null && !isLoopback(host)) throw errors.platformNeedsToken(host);
  const registry = await Registry.open(options.database, () => clock.now());
  const vault = new Vault(options.masterKeys);
  vault.check(registry);
  await makeBuiltIn(registry);
  const { ngcApiKey = null } = options;
  if (ngcApiKey !== null && ngcApiKey.trim() !== '') await makeNvidiaBuild(registry, vault, ngcApiKey.trim());
  const maxBodyBytes = options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
  const redactor = createRedactor([]);
  const upstreams = new Upstreams({
    registry,
    vault,
    clock,
    random: options.random ?? Math.random,
    redactor,
    allowedHosts: options.allowedHosts ?? null,
    runs: (provider) => isOwnServer(provider, registry),
    ...(options.retry !== undefined && { retry: options.retry }),
    ...(options.lookup !== undefined && { lookup: options.lookup }),
  });
  const ledger = new Ledger(registry, clock);
  const plugins = new Plugins(options.middleware ?? [], { ledger, clock });
  const chains = new Chains(plugins, registry, options.tell);
  const gateway = new Gateway({ registry, upstreams, chains, maxBodyBytes, clock });
  const discovery = new Discovery({ registry, upstreams, clock, byItself: options.discovery !== false });
  const parts = { registry, vault, plugins, ledger, maxBodyBytes };
  const deployments = openDeployments(options, { registry, vault, clock });
  const works = async (): Promise<void> => {
    await options.database.all('select 1');
  };
  const endpoints = [
    ...resourceEndpoints(parts, options.revision, works),
    ...deploymentsEndpoints(deployments, options, { ...parts, now: () => clock.now() }),
    ...gateway.endpoints(),
  ];
  const description = lazily(() => json(openApiOf(endpoints, options.revision)));
  const finder = createFinder([...endpoints, { method: 'GET', path: '/openapi.json', handle: description }]);
  const find: Find = (method, path) => gateway.find(method, path) ?? finder(method, path);
  const shutdown = new AbortController();
  const app = createApp({
    routes: find,
    guard: createAccess({ host, token, registry }),
    redact: (text) => text,
    onError: (error) =>
      plainError(error instanceof DatabaseGone ? away() : error, (text) => redactor.text(text)),
    shutdown: shutdown.signal,
  });
  await deployments.begin();
  const listening = await listen('platform', host, port, app);
  return {
    url: listening.url,
    port: listening.port,
    async settle() {
      await deployments.pass();
      await discovery.pass();
    },
    async close(graceMs) {
      const drained = listening.drain();
      const patience = clock.after(graceMs, () => {
        shutdown.abort(new Error('the platform is closing'));
        listening.cut();
      });
      await drained;
      patience();
      await deployments.close();
      await discovery.close();
      await upstreams.close();
      await ledger.write();
      chains.close();
      gateway.close();
      registry.close();
    },
  };
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** Everything that is only read is answered from the copy in memory. */
function away(): HttpError {
  return new HttpError(
    503,
    { detail: 'The database does not answer: nothing was changed' },
    { 'retry-after': '1' },
  );
}

async function makeBuiltIn(registry: Registry): Promise<void> {
  for (const name of BUILT_IN) {
    if (registry.get('workspace', '', name) !== undefined) continue;
    await registry.create('workspace', '', name, { description: null }).catch(unlessTaken);
  }
}

/** The key of this start is the one that is used; a provider of this name that somebody changed stays as it is. */
async function makeNvidiaBuild(registry: Registry, vault: Vault, key: string): Promise<void> {
  const { workspace, name } = NGC;
  const data = { description: 'The key of NVIDIA’s hosted models', sealed: vault.seal(key, workspace, name) };
  const known = registry.get('secret', workspace, name);
  if (known === undefined) await registry.create('secret', workspace, name, data).catch(unlessTaken);
  else if (vault.open(known) !== key) await registry.update('secret', workspace, name, () => data);
  if (registry.get('model-provider', workspace, NVIDIA_BUILD.name) !== undefined) return;
  await registry.create('model-provider', workspace, NVIDIA_BUILD.name, NVIDIA_BUILD.data).catch(unlessTaken);
}

/** Another instance was faster. */
function unlessTaken(error: unknown): void {
  if (!(error instanceof Taken)) throw error;
}

type Core = Pick<ResourceParts, 'registry' | 'vault'>;

function openDeployments(
  options: PlatformOptions,
  { registry, vault, clock }: Core & { clock: Clock },
): Deployments {
  const context: ExecutorContext = {
    clock,
    ngcKey() {
      const secret = registry.get('secret', NGC.workspace, NGC.name);
      return secret === undefined ? null : vault.open(secret);
    },
    forbids: (hostname) => isForbiddenHost(hostname, options.allowedHosts ?? null),
  };
  return new Deployments({
    registry,
    vault,
    clock,
    claim: new Claim(options.database, clock),
    executors: options.executors?.(context) ?? [],
    byItself: options.discovery !== false,
  });
}

function deploymentsEndpoints(
  deployments: Deployments,
  { executors }: PlatformOptions,
  parts: ResourceParts & { now: () => number },
): Endpoint[] {
  const enabled = (): void => {
    if (executors !== undefined) return;
    // The reference's words, which its clients know.
    throw refuse(422, "Deployments are not enabled because the backend runtime is set to 'none'");
  };
  const logs = (deployment: Entity, lines: number) => deployments.logs(deployment, lines);
  return [...configEndpoints(parts, enabled), ...deploymentEndpoints({ ...parts, enabled, logs })];
}
