import type { ConfigObject, ResolvedConfig, ServerInstance } from '../config/index.js';
import { isElsewhere, type Parts } from '../graph/index.js';
import { startAgentServer } from './agent/index.js';
import { Children, type ChildPlan } from './children/index.js';
import { startEnvironmentServer } from './environment/index.js';
import { localInstance, remoteInstance, startHeadServer, urlOf, type InstanceInfo } from './head/index.js';
import { configuredRows } from './mcp/index.js';
import { startModelServer } from './model/index.js';
import type { RunningServer, ServerContext } from './server.js';
import type { Binding, ServeSettings } from './settings.js';

export interface BootOptions {
  /** With the started servers at their addresses. */
  resolved: ResolvedConfig;
  /** Which of its servers are served, or published where they run elsewhere. */
  servers: readonly ServerInstance[];
  settings: ServeSettings;
  /** Where another program serves the head; absent: it is ours. */
  headUrl?: string;
  context: ServerContext;
  parts: Parts;
  plans: readonly ChildPlan[];
  /** Servers of ours that the processes ask: they know no token. */
  neighbours: ReadonlySet<string>;
  logs: string;
  env: Readonly<Record<string, string | undefined>>;
  notify: (notice: { level: 'info' | 'warn'; message: string }) => void;
}

const LOOPBACK: Binding = { host: '127.0.0.1', port: 0, advertised: '127.0.0.1' };

/** Starts and ends the servers of one configuration: the head, ours in this process, then the programs of others. */
export class Boot {
  readonly instances: InstanceInfo[] = [];
  headUrl = '';
  private readonly running: RunningServer[] = [];
  /** Real hosts and ports as published, and as the processes get them. */
  private readonly published: ConfigObject = {};
  private readonly inside: ConfigObject = {};
  children: Children | undefined;
  private closing = false;

  constructor(private readonly options: BootOptions) {}

  async start(): Promise<void> {
    const { servers, context, plans, settings } = this.options;
    // The head first: its port is fixed, so it is the one that may be busy.
    this.headUrl = this.options.headUrl ?? (await this.serveHead(settings.head(), context));
    const startTime = context.clock.now() / 1000;
    const started = new Set(plans.map(({ server }) => server.name));
    for (const server of servers) {
      if (started.has(server.name)) continue;
      const { base_url: elsewhere } = server.config;
      if (isElsewhere(server) && typeof elsewhere === 'string') {
        this.instances.push(remoteInstance(server, elsewhere));
        this.note(this.inside, server, addressOf(elsewhere));
        continue;
      }
      const binding = settings.binding(server);
      const host = binding.advertised;
      const { port } = await this.serveOne(server, binding, context);
      this.instances.push(localInstance(server, { host, port, url: urlOf(host, port) }, startTime));
      this.note(this.published, server, { ...referenceLabels(server), host, port });
      this.note(this.inside, server, await this.insideAddress(server, { host, port }));
    }
    await this.startChildren(startTime);
  }

  /** Agents first: what they still play needs the other servers. */
  async close(graceMs: number): Promise<void> {
    this.closing = true;
    const { parts } = this.options;
    const isAgent = ({ name }: RunningServer): boolean => parts.casts.has(name);
    const agentPlan = ({ server }: ChildPlan): boolean => server.type === 'responses_api_agents';
    const close = (server: RunningServer): Promise<void> => server.close(graceMs);
    await Promise.all([...this.running.filter(isAgent).map(close), this.children?.stop(agentPlan, graceMs)]);
    await this.children?.stop((plan) => !agentPlan(plan), graceMs);
    await Promise.all(this.running.filter((server) => !isAgent(server)).map(close));
    await parts.close();
  }

  private note(into: ConfigObject, server: ServerInstance, keys: ConfigObject): void {
    into[server.name] = { [server.type]: { [server.implementation]: keys } };
  }

  /** Where a token is asked for, the processes get a door of their own, which only this machine can reach. */
  private async insideAddress(server: ServerInstance, address: { host: string; port: number }) {
    const { context, neighbours } = this.options;
    if (context.token === null || !neighbours.has(server.name)) return address;
    const { port } = await this.serveOne(server, LOOPBACK, { ...context, token: null });
    return { host: LOOPBACK.host, port };
  }

  private async startChildren(startTime: number): Promise<void> {
    const { resolved, plans, context, logs, env, notify } = this.options;
    for (const { server, host, ports } of plans) {
      const address = { ...referenceLabels(server), host, port: ports[0]! };
      this.note(this.published, server, address);
      this.note(this.inside, server, address);
    }
    const head = new URL(await this.insideHead());
    const addresses = {
      ...this.inside,
      dry_run: false,
      head_server: { host: head.hostname, port: Number(head.port) },
    };
    const { clock } = context;
    const clean = (line: string): string => context.redact(line);
    if (this.closing) throw new Error('ended while it started');
    this.children = new Children({ resolved, addresses, logs, env, clock, clean, notify });
    await this.children.start(plans);
    this.instances.push(...this.children.instances(startTime));
  }

  private async serveHead({ host, port, advertised }: Binding, context: ServerContext): Promise<string> {
    const { resolved } = this.options;
    const options = {
      host,
      port,
      configYaml: () => resolved.toYaml(this.published),
      instances: () => this.instances,
    };
    const head = await startHeadServer(options, context);
    this.running.push(head);
    return urlOf(advertised, head.port);
  }

  private async insideHead(): Promise<string> {
    const { context, plans } = this.options;
    if (context.token === null || plans.length === 0) return this.headUrl;
    return this.serveHead(LOOPBACK, { ...context, token: null });
  }

  private async serveOne(
    server: ServerInstance,
    binding: Binding,
    context: ServerContext,
  ): Promise<RunningServer> {
    const started = await this.face(server, binding, context);
    this.running.push(started);
    return started;
  }

  private face(
    server: ServerInstance,
    { host, port }: Binding,
    context: ServerContext,
  ): Promise<RunningServer> {
    const { parts, settings, resolved } = this.options;
    const { name, type } = server;
    // A part of every server that runs here was made before.
    if (type === 'responses_api_models') {
      return startModelServer({ model: parts.models.get(name)!, host, port }, context);
    }
    if (type === 'resources_servers') {
      const environment = parts.environments.get(name)!;
      const { sessionTtlMs } = settings;
      const exposed = server.config['expose_tools_over_mcp'] === true;
      const mcp = exposed ? { mcp: configuredRows(resolved, server) } : {};
      return startEnvironmentServer({ environment, host, port, sessionTtlMs, ...mcp }, context);
    }
    return startAgentServer({ ...parts.casts.get(name)!, host, port }, context);
  }
}

function addressOf(url: string): { host: string; port: number } {
  const { hostname, port, protocol } = new URL(url);
  return { host: hostname, port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) };
}

/** What a collector of the reference asks of a server block, where the configuration does without. */
function referenceLabels({ type, config }: ServerInstance): ConfigObject {
  return {
    ...(config['entrypoint'] == null && { entrypoint: 'app.py' }),
    ...(type === 'resources_servers' && config['domain'] == null && { domain: 'other' }),
  };
}
