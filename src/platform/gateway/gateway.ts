import { CallFailure } from '../../protocol/index.js';
import type { HttpError } from '../../serve/http/index.js';
import { json, readBytes, sendStream, type Exchange, type Find, type Reply } from '../../serve/http/index.js';
import { queryOf, wrongMethod, type Endpoint } from '../http/index.js';
import type { Entity, Registry } from '../registry/index.js';
import { refuse } from '../resources/index.js';
import { readAddress, type Address } from './address.js';
import { askUpstream, callOf, type Answer, type Outgoing } from './ask.js';
import { looseBody, modelIn, objectBody, type Body } from './body.js';
import { Choice } from './choice.js';
import { failureReply, redirected } from './failure-reply.js';
import { passedHeaders, sentHeaders } from './headers.js';
import { isShort, passedBytes, sendWhole } from './reply-stream.js';
import { Routing, type Route } from './routing.js';
import { openTalk, type Talk } from './talk.js';
import { idOf, mergedBody, type Upstream, type Upstreams } from './upstreams.js';

const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);
/** Methods whose body is a provider's to extend. */
const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

export interface GatewayParts {
  readonly registry: Registry;
  readonly upstreams: Upstreams;
  /** Unit: bytes. */
  readonly maxBodyBytes: number;
  readonly now: () => number;
}

/** The three routes to providers. */
export class Gateway {
  private readonly routing: Routing;
  private readonly choice: Choice;

  constructor(private readonly parts: GatewayParts) {
    this.routing = new Routing(parts.registry);
    this.choice = new Choice(parts.now);
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
    ];
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
    const provider = this.provider(workspace, name);
    const upstream = this.parts.upstreams.of(provider);
    const bytesIn = await readBytes(request, this.parts.maxBodyBytes);
    // Only a provider that adds to bodies needs to know what is in one.
    const body = addsToBodies(provider)
      ? looseBody(bytesIn, request.headers['content-type'])
      : { bytes: bytesIn, object: null };
    const sent = this.outgoing(exchange, provider, rest, body);
    const { status, bytes } = await this.ask(upstream, sent, exchange);
    if (status >= 300 && status !== 304) {
      bytes.abort();
      return redirected(status);
    }
    const headers = passedHeaders(bytes.headers);
    if (isShort(bytes)) await sendWhole(bytes, exchange, { status, headers });
    else await sendStream(passedBytes(bytes, exchange), exchange, { status, headers });
    return undefined;
  }

  /** The providers of a model, one after the other until one serves. */
  private async toModel(exchange: Exchange, address: Address): Promise<Reply | undefined> {
    const { request } = exchange;
    const bytes = await readBytes(request, this.parts.maxBodyBytes);
    const { route, body } = this.routed(address, bytes, exchange);
    const failures: HttpError[] = [];
    for (const serving of this.choice.order(route.servings)) {
      const talk = openTalk({ route, serving, body, rest: address.rest, method: request.method ?? 'GET' });
      const { provider } = serving;
      const done = this.choice.begin(provider);
      try {
        return await this.talk(exchange, provider, talk);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        failures.push(error.answer);
        this.choice.failed(provider, error.failure);
        if (!error.elsewhere) break;
      } finally {
        done();
      }
    }
    // What the first one said, unless another one said more than that it cannot be reached.
    throw failures.find(({ status }) => status < 500) ?? failures[0]!;
  }

  private routed(address: Address, bytes: Buffer, { request }: Exchange): { route: Route; body: Body } {
    const { workspace, name } = address;
    if (address.route === 'openai') {
      const object = objectBody(bytes);
      this.routing.checkWorkspace(workspace);
      return { route: this.routing.find(workspace, modelIn(object)), body: { bytes, object } };
    }
    const route = this.routing.find(workspace, name);
    if (bytes.length === 0)
      return { route, body: { bytes, object: WITH_BODY.has(request.method ?? '') ? {} : null } };
    const loose = looseBody(bytes, request.headers['content-type']);
    const typed = loose.object === null && /json/i.test(request.headers['content-type'] ?? '');
    return { route, body: typed ? { bytes, object: objectBody(bytes) } : loose };
  }

  /** Asks one provider of a model and passes on what it says. Throws {@link Refused}. */
  private async talk(exchange: Exchange, provider: Entity, talk: Talk): Promise<Reply | undefined> {
    let answer: Answer;
    const upstream = this.parts.upstreams.of(provider);
    try {
      const sent = this.outgoing(exchange, provider, talk.rest, talk.body, talk.bodyOwner);
      answer = await askUpstream(upstream, sent, callOf(exchange));
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      if (exchange.signal.aborted) throw error;
      throw new Refused(error, failureReply(error, upstream.base, this.parts.upstreams.key(provider)));
    }
    this.choice.succeeded(provider);
    if (answer.status >= 300) {
      answer.bytes.abort();
      return redirected(answer.status);
    }
    const reply = await talk.reply(answer.status, answer.bytes, exchange);
    if ('body' in reply) return reply;
    await sendStream(reply.stream, exchange, {
      status: answer.status,
      headers: reply.headers,
    });
    return undefined;
  }

  private outgoing(exchange: Exchange, provider: Entity, rest: string, body: Body, own = false): Outgoing {
    const { request } = exchange;
    const method = request.method ?? 'GET';
    const headers = sentHeaders(request, provider.data, this.parts.upstreams.auth(provider));
    const query =
      [...queryOf(exchange)].length === 0 ? '' : (request.url ?? '').slice((request.url ?? '').indexOf('?'));
    let bytes: Buffer | null = body.bytes.length === 0 ? null : body.bytes;
    if (body.object !== null && WITH_BODY.has(method) && (own || addsToBodies(provider))) {
      bytes = Buffer.from(JSON.stringify(mergedBody(provider.data, body.object)));
      headers['content-type'] ??= 'application/json';
    }
    return { method, rest, query, headers, bytes };
  }

  private async ask(upstream: Upstream, sent: Outgoing, exchange: Exchange): Promise<Answer> {
    try {
      return await askUpstream(upstream, sent, callOf(exchange));
    } catch (error) {
      if (!(error instanceof CallFailure) || exchange.signal.aborted) throw error;
      throw failureReply(error, upstream.base, this.parts.upstreams.key(upstream.provider));
    }
  }
}

function addsToBodies({ data }: Entity): boolean {
  return (data['default_extra_body'] ?? data['required_extra_body'] ?? null) !== null;
}

/** A provider did not serve a request. */
class Refused extends Error {
  constructor(
    readonly failure: CallFailure,
    readonly answer: HttpError,
  ) {
    super(failure.message);
  }

  /** Another provider may serve it: this one is down, full, or does not let the platform in. */
  get elsewhere(): boolean {
    const { status } = this.failure.details;
    return status === undefined || status >= 500 || [401, 402, 403, 404, 408, 425, 429].includes(status);
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
