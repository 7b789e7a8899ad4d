import { CallFailure, type Clock } from '../../protocol/index.js';
import type { PlatformName } from '../../models/index.js';
import { json, readBytes, sendStream, type Exchange, type Find, type Reply } from '../../serve/http/index.js';
import { wrongMethod, type Endpoint } from '../http/index.js';
import { chained, type Chains } from '../middleware/index.js';
import type { Entity, Registry } from '../registry/index.js';
import { refuse } from '../resources/index.js';
import { readAddress, type Address } from './address.js';
import { askUpstream, callOf, type Answer } from './ask.js';
import { looseBody, modelIn, objectBody, type Body } from './body.js';
import { Choice } from './choice.js';
import { failureReply, redirected, type OwnRefusals } from './failure-reply.js';
import { passedHeaders } from './headers.js';
import { ModelRoute, type Served } from './model-route.js';
import { addsToBodies, outgoing } from './outgoing.js';
import { isShort, passedBytes, sendWhole } from './reply-stream.js';
import { Routing } from './routing.js';
import { dialectOf } from './talk.js';
import { idOf, type Upstreams } from './upstreams.js';

const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);
/** Methods that have a body. */
const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

const PROXIED = ['provider/{name}', 'model/{name}', 'openai'].map(
  (route) => `/apis/inference-gateway/v2/workspaces/{workspace}/${route}/-/{trailing_uri}`,
);

export interface GatewayParts {
  readonly registry: Registry;
  readonly upstreams: Upstreams;
  readonly chains: Chains;
  readonly clock: Clock;
  /** Unit: bytes. */
  readonly maxBodyBytes: number;
  /** How a client is told that a provider does not let the platform in. Default: as 502. */
  readonly ownRefusals?: OwnRefusals;
}

/** The three routes to providers. */
export class Gateway {
  private readonly routing: Routing;
  private readonly models: ModelRoute;
  private readonly ours: OwnRefusals;
  private readonly unwatch: () => void;

  constructor(private readonly parts: GatewayParts) {
    const { registry, upstreams, clock } = parts;
    this.ours = parts.ownRefusals ?? 'as 502';
    this.routing = new Routing(registry);
    const choice = new Choice(clock);
    this.models = new ModelRoute({ upstreams, choice, now: () => clock.now(), ours: this.ours });
    this.unwatch = registry.watch((kind) => {
      if (kind !== 'model-provider') return;
      choice.keep(new Set(registry.list('model-provider', null).map(({ id }) => id)));
    });
  }

  close(): void {
    this.unwatch();
  }

  /** Finds the gateway's own paths; undefined for any other. */
  find(method: string, path: string): ReturnType<Find> | undefined {
    const address = readAddress(path);
    if (address === null) return undefined;
    if (!METHODS.has(method)) throw wrongMethod('PATCH');
    return { segment: '', route: { handle: (exchange) => this.handle(exchange, address) } };
  }

  /** Whether a provider can be routed to. */
  endpoints(): Endpoint[] {
    const ready = (workspace: string, name: string): Reply => {
      const provider = this.provider(workspace, name);
      const id = idOf(provider);
      if (provider.data['status'] !== 'READY') throw refuse(404, `Provider not ready for ${id}`);
      return json({ ready: true, provider: id, host_url: provider.data['host_url'] });
    };
    return [
      {
        method: 'GET',
        path: '/apis/inference-gateway/v2/workspaces/{workspace}/provider/{name}/ready',
        handle: ({ params: { workspace = '', name = '' } }) => ready(workspace, name),
      },
      // Found by `find`, here to be described.
      ...['', '/{name}'].map((rest): Endpoint => ({
        method: 'GET',
        path: `/apis/inference-gateway/v2/workspaces/{workspace}/openai/-/v1/models${rest}`,
        handle: ({ params: { workspace = '', name } }) =>
          name === undefined ? this.listModels(workspace) : this.oneModel(workspace, name),
      })),
      ...PROXIED.flatMap((path) =>
        (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).map((method): Endpoint => ({
          method,
          path,
          handle: ({ exchange }) => this.handle(exchange, readAddress(exchange.path)!),
        })),
      ),
    ];
  }

  /** Throws HttpError for what cannot be asked, as a request would be told. The address of a provider; null for a virtual model. */
  check({ kind, workspace, name }: PlatformName): string | null {
    if (kind === 'provider') {
      const provider = this.provider(workspace, name);
      this.parts.upstreams.auth(provider);
      return this.parts.upstreams.of(provider).base.href;
    }
    const virtual = this.routing.virtualModel(workspace, name);
    if (this.parts.chains.of(virtual) === null) this.routing.routeOf(virtual);
    return null;
  }

  private handle(exchange: Exchange, address: Address): Promise<Reply | undefined> | Reply {
    if (address.route === 'provider') return this.toProvider(exchange, address);
    const models = /^v1\/models(?:\/(.*))?$/.exec(address.rest);
    if (address.route === 'openai' && models !== null && exchange.request.method === 'GET') {
      return models[1] === undefined
        ? this.listModels(address.workspace)
        : this.oneModel(address.workspace, models[1]);
    }
    return this.toModel(exchange, address);
  }

  private listModels(workspace: string): Reply {
    this.routing.checkWorkspace(workspace);
    const found = this.parts.registry.list('virtual-model', workspace).reverse();
    return json({ data: found.map(modelForm), object: 'list' });
  }

  private oneModel(workspace: string, asked: string): Reply {
    return json(modelForm(this.routing.virtualModel(workspace, decodeURIComponent(asked))));
  }

  private provider(workspace: string, name: string): Entity {
    const provider = this.parts.registry.get('model-provider', workspace, name);
    if (provider === undefined) throw refuse(404, `Model provider not found for ${workspace}/${name}`);
    return provider;
  }

  /** One provider, whatever its models: everything passes. */
  private async toProvider(
    exchange: Exchange,
    { workspace, name, rest }: Address,
  ): Promise<Reply | undefined> {
    const { request } = exchange;
    const { upstreams, maxBodyBytes } = this.parts;
    const provider = this.provider(workspace, name);
    const upstream = upstreams.of(provider);
    const bytesIn = await readBytes(request, maxBodyBytes);
    // Only a provider that adds to bodies needs to know what is in one.
    const body = addsToBodies(provider.data)
      ? looseBody(bytesIn, request.headers['content-type'])
      : { bytes: bytesIn, object: null };
    const auth = upstreams.auth(provider);
    const sent = outgoing(exchange, provider, { rest, body, own: false, auth });
    let answer: Answer;
    try {
      answer = await askUpstream(upstream, sent, callOf(exchange));
    } catch (error) {
      if (!(error instanceof CallFailure) || exchange.signal.aborted) throw error;
      throw failureReply(error, upstream.base, { key: upstreams.key(provider), ours: this.ours });
    }
    const { status, bytes } = answer;
    if (status >= 300 && status !== 304) {
      bytes.abort();
      return redirected(status);
    }
    const headers = passedHeaders(bytes.headers);
    if (isShort(bytes)) await sendWhole(bytes, exchange, { status, headers });
    else await sendStream(passedBytes(bytes, exchange), exchange, { status, headers });
    return undefined;
  }

  /** A virtual model: through its chains, where it has any, to whoever serves its entity. */
  private async toModel(exchange: Exchange, address: Address): Promise<Reply | undefined> {
    const bytes = await readBytes(exchange.request, this.parts.maxBodyBytes);
    const { virtual, adapter, body } = this.named(address, bytes, exchange);
    const { rest } = address;
    const chain = this.parts.chains.of(virtual);
    if (chain === null) {
      const routes = [this.routing.routeOf(virtual, undefined, adapter)];
      return await this.pass(await this.models.ask(exchange, { rest, body, routes }), exchange);
    }
    const served = await chained(chain, {
      exchange,
      virtualModel: idOf(virtual),
      path: rest,
      dialect: (exchange.request.method === 'POST' ? dialectOf(rest) : undefined) ?? null,
      body: body.object,
      now: () => this.parts.clock.now(),
      tell: (message) => this.parts.chains.report(message),
      ask: ({ model, fallbacks }) => {
        const own = this.routing.routeOf(virtual, model, model === undefined ? adapter : '');
        const others = fallbacks.map((entity) => this.routing.routeOf(virtual, entity));
        // What the chain left of it, not what the client wrote.
        const { bytes: given, object } = body;
        return this.models.ask(exchange, { rest, body: { bytes: given, object }, routes: [own, ...others] });
      },
    });
    return await this.pass(served, exchange);
  }

  private async pass(
    { reply, done }: Pick<Served, 'reply' | 'done'>,
    exchange: Exchange,
  ): Promise<Reply | undefined> {
    try {
      if ('body' in reply) return reply;
      const { status, headers, stream } = reply;
      await sendStream(stream, exchange, { status, headers });
      return undefined;
    } finally {
      done();
    }
  }

  private named(
    address: Address,
    bytes: Buffer,
    { request }: Exchange,
  ): { virtual: Entity; adapter: string; body: Body } {
    const { workspace, name } = address;
    if (address.route === 'openai') {
      const body = objectBody(bytes);
      if (typeof body.object['model'] !== 'string') this.routing.checkWorkspace(workspace);
      return { ...this.routing.named(workspace, modelIn(body.object)), body };
    }
    const named = this.routing.named(workspace, name);
    if (bytes.length === 0)
      return { ...named, body: { bytes, object: WITH_BODY.has(request.method ?? '') ? {} : null } };
    const loose = looseBody(bytes, request.headers['content-type']);
    const typed = loose.object === null && /json/i.test(request.headers['content-type'] ?? '');
    return { ...named, body: typed ? objectBody(bytes) : loose };
  }
}

function modelForm({ workspace, name }: Entity): {
  id: string;
  owned_by: string;
  object: string;
  created: number;
} {
  return { id: `${workspace}/${name}`, owned_by: workspace, object: 'model', created: 0 };
}
