import { CallFailure } from '../../protocol/index.js';
import { mayBeAskedElsewhere } from '../../models/index.js';
import { HttpError, type Exchange, type Reply } from '../../serve/http/index.js';
import type { ReplyStream } from '../../protocol/index.js';
import type { Entity } from '../registry/index.js';
import { askUpstream, callOf, type Answer } from './ask.js';
import type { Body } from './body.js';
import type { Choice } from './choice.js';
import { failureReply, redirected, refusedOf, type OwnRefusals } from './failure-reply.js';
import type { Headers } from './headers.js';
import { outgoing } from './outgoing.js';
import type { Route, Serving } from './routing.js';
import { openTalk, type Talk } from './talk.js';
import { idOf, type Upstream, type Upstreams } from './upstreams.js';

/** How long a provider that had no Responses is asked for Chat instead. Unit: ms. */
const CHAT_ONLY_MS = 3_600_000;
const ABSENT: ReadonlySet<number> = new Set([404, 405, 501]);

export interface ModelRouteParts {
  readonly upstreams: Upstreams;
  readonly choice: Choice;
  readonly now: () => number;
  readonly ours: OwnRefusals;
}

/** What is asked of a model. */
export interface Question {
  readonly rest: string;
  readonly body: Body;
  /** Where it goes: the model's own entity, then those that stand in for it. */
  readonly routes: readonly Route[];
}

/** What a model said, for the client. */
export interface Served {
  readonly reply:
    Reply | { readonly status: number; readonly stream: ReplyStream; readonly headers: Headers };
  /** `workspace/name`. */
  readonly provider: string;
  readonly entity: string;
  /** To be called when the reply is over: until then the provider is busy with it. */
  readonly done: () => void;
}

/** Asks the providers of a model, one after the other until one serves. */
export class ModelRoute {
  /** Since when a provider is known to have no Responses; by the entity itself, which a change replaces. */
  private readonly chatOnly = new WeakMap<Entity, number>();

  constructor(private readonly parts: ModelRouteParts) {}

  /** Throws HttpError: what the first one said, unless another one said more than that it cannot be reached. */
  async ask(exchange: Exchange, question: Question): Promise<Served> {
    const { choice } = this.parts;
    const failures: HttpError[] = [];
    for (const route of question.routes) {
      for (const candidate of choice.inTurn(route.servings)) {
        const done = choice.begin(candidate);
        try {
          const ask = () => this.askOne(exchange, question, route, candidate);
          const reply = await choice.ask(candidate, exchange.signal, ask);
          return { reply, provider: idOf(candidate.provider), entity: route.entity, done };
        } catch (error) {
          done();
          const { answer, elsewhere } = this.told(error, candidate, exchange);
          failures.push(answer);
          if (!elsewhere) throw worthTelling(failures);
        }
      }
    }
    throw worthTelling(failures);
  }

  /** What a client is told of a failure, and whether another provider may do better. Throws what is no provider's. */
  private told(
    error: unknown,
    { provider }: Serving,
    exchange: Exchange,
  ): { answer: HttpError; elsewhere: boolean } {
    if (error instanceof Unusable) return { answer: error.answer, elsewhere: true };
    if (!(error instanceof CallFailure) || exchange.signal.aborted) throw error;
    const { upstreams, ours } = this.parts;
    const answer = failureReply(error, upstreams.of(provider).base, { key: upstreams.key(provider), ours });
    return { answer, elsewhere: mayBeAskedElsewhere(error) };
  }

  private async askOne(
    exchange: Exchange,
    question: Question,
    route: Route,
    serving: Serving,
  ): Promise<Served['reply']> {
    const method = exchange.request.method ?? 'GET';
    const speaksResponses = !this.isChatOnly(serving.provider);
    const talk = openTalk({ ...question, route, serving, method, speaksResponses });
    try {
      return await this.talk(exchange, serving.provider, talk);
    } catch (error) {
      if (!talk.needsResponses || !isAbsent(error)) throw error;
      const asChat = openTalk({ ...question, route, serving, method, speaksResponses: false });
      const reply = await this.talk(exchange, serving.provider, asChat);
      this.chatOnly.set(serving.provider, this.parts.now());
      return reply;
    }
  }

  private async talk(exchange: Exchange, provider: Entity, talk: Talk): Promise<Served['reply']> {
    const { upstreams } = this.parts;
    let upstream: Upstream;
    let sent: Parameters<typeof askUpstream>[1];
    try {
      upstream = upstreams.of(provider);
      const auth = upstreams.auth(provider);
      sent = outgoing(exchange, provider, { rest: talk.rest, body: talk.body, own: talk.bodyOwner, auth });
    } catch (error) {
      // Its secret is gone, or its address is none: another provider may be whole.
      throw error instanceof HttpError && error.status >= 424 ? new Unusable(error) : error;
    }
    const { status, bytes }: Answer = await askUpstream(upstream, sent, callOf(exchange));
    if (status >= 300) {
      bytes.abort();
      return redirected(status);
    }
    const reply = await talk.reply(status, bytes, exchange);
    return 'body' in reply ? reply : { status, ...reply };
  }

  private isChatOnly(provider: Entity): boolean {
    const since = this.chatOnly.get(provider);
    return since !== undefined && this.parts.now() - since < CHAT_ONLY_MS;
  }
}

/** A provider that cannot even be asked, and what its client would be told. */
class Unusable extends Error {
  constructor(readonly answer: HttpError) {
    super(answer.message);
  }
}

function worthTelling(failures: readonly HttpError[]): HttpError {
  return failures.find(({ status }) => status < 500) ?? failures[0]!;
}

/** There is no such path at a provider, which is something else than no such model. */
function isAbsent(error: unknown): boolean {
  const refused = error instanceof CallFailure ? refusedOf(error) : null;
  if (refused === null || !ABSENT.has(refused.reply.status)) return false;
  return !/model/i.test(refused.reply.text);
}
