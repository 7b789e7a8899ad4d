import { randomBytes } from 'node:crypto';
import type { ConfigObject, ResolvedConfig, ServerInstance } from '../config/index.js';
import { errors, NgError } from '../errors/index.js';
import { buildParts, isElsewhere, type Parts } from '../graph/index.js';
import { preflight } from '../models/index.js';
import type { Clock, Model } from '../protocol/index.js';
import { createRedactor, keptNotice, systemClock } from '../transport/index.js';
import { startAgentServer } from './agent/index.js';
import { startEnvironmentServer } from './environment/index.js';
import { localInstance, remoteInstance, startHeadServer, urlOf, type InstanceInfo } from './head/index.js';
import { configuredRows } from './mcp/index.js';
import { startModelServer } from './model/index.js';
import type { RunningServer, ServerContext } from './server.js';
import { serveSettings, type Binding, type ServeSettings } from './settings.js';

export interface ServeOptions {
  clock?: Clock;
  /** Uniform in [0, 1). */
  random?: () => number;
  /** Told of the first failure of each kind at each provider. */
  notify?: (notice: { level: 'info' | 'warn'; message: string }) => void;
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
 * Starts the head server and one server for each block of the configuration that does not run elsewhere. Either
 * all of them are up when this resolves, or none is. Throws NgError for a wrong configuration or a busy port.
 */
export async function serve(resolved: ResolvedConfig, options: ServeOptions = {}): Promise<Served> {
  if (resolved.servers.length === 0) throw errors.nothingToServe();
  const { clock = systemClock, random = randomNumber, notify } = options;
  const settings = serveSettings(resolved);
  const redactor = createRedactor(resolved.namedSecrets());
  const { token, maxBodyBytes } = settings;
  const context: ServerContext = {
    clock,
    token,
    maxBodyBytes,
    redact: (text) => redactor.json(text),
    redactContent: (text) => redactor.content(text),
  };
  const kept = keptNotice(redactor.everyday());
  if (kept !== null) notify?.(kept);
  const parts = await buildParts(resolved, {
    clock,
    random,
    redactor,
    outage: { maxWaitMs: MAX_WAIT_MS },
    ...(notify !== undefined && { notify }),
  });
  const boot = new Boot(resolved, settings, context, parts);
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

/** Starts and ends the servers of one configuration. */
class Boot {
  readonly instances: InstanceInfo[] = [];
  headUrl = '';
  private readonly running: RunningServer[] = [];
  private readonly ports: ConfigObject = {};

  constructor(
    private readonly resolved: ResolvedConfig,
    private readonly settings: ServeSettings,
    private readonly context: ServerContext,
    private readonly parts: Parts,
  ) {}

  async start(): Promise<void> {
    // The head first: its port is fixed, so it is the one that may be busy.
    await this.startHead();
    const startTime = this.context.clock.now() / 1000;
    for (const server of this.resolved.servers) {
      const { base_url: elsewhere } = server.config;
      if (isElsewhere(server) && typeof elsewhere === 'string') {
        this.instances.push(remoteInstance(server, elsewhere));
        continue;
      }
      const binding = this.settings.binding(server);
      const started = await this.startOne(server, binding);
      this.running.push(started);
      const host = binding.advertised;
      const { port } = started;
      this.instances.push(localInstance(server, { host, port, url: urlOf(host, port) }, startTime));
      const published = { ...referenceLabels(server), host, port };
      this.ports[server.name] = { [server.type]: { [server.implementation]: published } };
    }
  }

  /** Agents first: what they still play needs the other servers. */
  async close(graceMs: number): Promise<void> {
    const isAgent = ({ name }: RunningServer): boolean => this.parts.casts.has(name);
    const close = (server: RunningServer): Promise<void> => server.close(graceMs);
    await Promise.all(this.running.filter(isAgent).map(close));
    await Promise.all(this.running.filter((server) => !isAgent(server)).map(close));
    await this.parts.close();
  }

  private async startHead(): Promise<void> {
    const { host, port, advertised } = this.settings.head;
    const options = {
      host,
      port,
      configYaml: () => this.resolved.toYaml(this.ports),
      instances: () => this.instances,
    };
    const head = await startHeadServer(options, this.context);
    this.running.push(head);
    this.headUrl = urlOf(advertised, head.port);
  }

  private async startOne(server: ServerInstance, { host, port }: Binding): Promise<RunningServer> {
    const { name, type } = server;
    // A part of every server that runs here was made before.
    if (type === 'responses_api_models') {
      return startModelServer({ model: this.parts.models.get(name)!, host, port }, this.context);
    }
    if (type === 'resources_servers') {
      const environment = this.parts.environments.get(name)!;
      const { sessionTtlMs } = this.settings;
      const exposed = server.config['expose_tools_over_mcp'] === true;
      const mcp = exposed ? { mcp: configuredRows(this.resolved, server) } : {};
      return startEnvironmentServer({ environment, host, port, sessionTtlMs, ...mcp }, this.context);
    }
    return startAgentServer({ ...this.parts.casts.get(name)!, host, port }, this.context);
  }
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

/** What a collector of the reference asks of a server block, where the configuration does without. */
function referenceLabels({ type, config }: ServerInstance): ConfigObject {
  return {
    ...(config['entrypoint'] == null && { entrypoint: 'app.py' }),
    ...(type === 'resources_servers' && config['domain'] == null && { domain: 'other' }),
  };
}

function randomNumber(): number {
  return randomBytes(6).readUIntBE(0, 6) / 2 ** 48;
}
