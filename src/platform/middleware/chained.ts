import {
  isObject,
  type Json,
  type JsonObject,
  type MiddlewareAnswer,
  type MiddlewareEnd,
  type MiddlewareRequest,
  type WireDialect,
} from '../../protocol/index.js';
import { HttpError, type Exchange, type Reply } from '../../serve/http/index.js';
import type { ReplyStream } from '../../protocol/index.js';
import { parseExact, writeExact } from '../http/index.js';
import type { Chain, Link } from './chains.js';
import { asEvents } from './as-events.js';
import { usageOf } from './usage-of.js';
import { WatchedStream } from './watched-stream.js';

type Headers = Record<string, string | string[]>;

const EVENT_STREAM = 'text/event-stream';

/** What a model said, and who did. */
interface Served {
  readonly reply:
    Reply | { readonly status: number; readonly stream: ReplyStream; readonly headers: Headers };
  readonly provider: string;
  readonly entity: string;
  readonly done: () => void;
}

export interface ChainOptions {
  readonly exchange: Exchange;
  readonly virtualModel: string;
  readonly path: string;
  readonly dialect: WireDialect | null;
  /** Changed in place. */
  readonly body: JsonObject | null;
  readonly now: () => number;
  readonly tell: (message: string) => void;
  /** Asks the model's own entity or another, and then those that stand in. Throws HttpError. */
  ask(where: { model?: string; fallbacks: readonly string[] }): Promise<Served>;
}

/** Takes a request through the chains of its virtual model, and back. Throws HttpError. */
export async function chained(chain: Chain, options: ChainOptions): Promise<Pick<Served, 'reply' | 'done'>> {
  return await new Passage(chain, options).run();
}

/** One request on its way. */
class Passage {
  private readonly startedAt: number;
  private readonly listeners: ((ended: MiddlewareEnd) => void)[] = [];
  private readonly asked: MiddlewareRequest;
  private who: { provider: string | null; entity: string | null } = { provider: null, entity: null };
  private over = false;
  private keepsText = false;

  constructor(
    private readonly chain: Chain,
    private readonly options: ChainOptions,
  ) {
    const { virtualModel, path, dialect, body, exchange, now } = options;
    this.startedAt = now();
    this.asked = {
      virtualModel,
      path,
      dialect,
      body,
      headers: headersOf(exchange),
      fallbacks: [],
      signal: exchange.signal,
      onDone: (listener, { keepText = false } = {}) => {
        this.listeners.push(listener);
        this.keepsText ||= keepText;
      },
    };
  }

  async run(): Promise<Pick<Served, 'reply' | 'done'>> {
    try {
      const given = this.options.body?.['model'];
      const answer = await this.request();
      if (answer !== undefined) return this.answered(answer);
      const changed = this.options.body?.['model'];
      const wantsStream = this.options.body?.['stream'] === true;
      const held = wantsStream && this.options.dialect !== null && this.needsWhole();
      const hidden = this.prepare(held, wantsStream);
      const served = await this.options.ask({
        ...(changed !== given && typeof changed === 'string' && { model: changed }),
        fallbacks: this.asked.fallbacks,
      });
      this.who = served;
      return await this.reply(served, { held, hidden });
    } catch (error) {
      this.end({ status: error instanceof HttpError ? error.status : 500, complete: false });
      throw error;
    }
  }

  private async request(): Promise<MiddlewareAnswer | undefined> {
    for (const link of this.chain.request_middleware) {
      const answer: unknown = await this.hook(link, () => link.hooks.request?.(this.asked));
      if (isObject(answer)) return answer as unknown as MiddlewareAnswer;
    }
    return undefined;
  }

  /** Nobody was asked: nothing was used. */
  private answered(answer: MiddlewareAnswer): Pick<Served, 'reply' | 'done'> {
    const { status, body, headers, type = null } = answer;
    const text = answer.text ?? writeExact(body ?? null);
    const reply = {
      status,
      body: text,
      ...(type !== null && { type }),
      ...(headers !== undefined && { headers }),
    };
    return { reply, done: () => this.end({ status, complete: true }) };
  }

  /** Hooks that want whole replies. */
  private needsWhole(): boolean {
    return this.chain.response_middleware.some(
      ({ hooks }) => hooks.response !== undefined && hooks.event === undefined,
    );
  }

  /** Asks for what the chains need; true: the client did not ask for the usage that its stream will have. */
  private prepare(held: boolean, wantsStream: boolean): boolean {
    const { body, dialect } = this.options;
    if (body === null) return false;
    if (held) {
      body['stream'] = false;
      delete body['stream_options'];
      return false;
    }
    const counts = this.chain.post_response_middleware.length > 0 || this.listeners.length > 0;
    if (!wantsStream || dialect !== 'chat' || !counts) return false;
    const { stream_options: given } = body;
    if (isObject(given) && given['include_usage'] === true) return false;
    body['stream_options'] = { ...(isObject(given) ? given : {}), include_usage: true };
    return true;
  }

  private async reply(
    { reply, done }: Served,
    { held, hidden }: { held: boolean; hidden: boolean },
  ): Promise<Pick<Served, 'reply' | 'done'>> {
    const { dialect, body } = this.options;
    if (!('body' in reply)) {
      const { status, headers, stream } = reply;
      const watched = new WatchedStream(stream, {
        dialect,
        links: this.chain.response_middleware,
        asked: this.asked,
        hidesUsage: hidden,
        keepsText: this.keepsText,
        onError: (error) => this.options.tell(error.message),
      });
      const over = (): void => {
        done();
        const { complete, usage, text } = watched;
        this.end({ status, complete, usage, text, type: 'text/event-stream' });
      };
      return { reply: { status, headers, stream: watched }, done: over };
    }
    try {
      const changed = await this.response(reply);
      const usage = changed === null ? null : usageOf(dialect, changed);
      const text = changed === null ? reply.body : writeExact(changed);
      const { status, type = null } = reply;
      const over = (end: { text: string; type: string | null }): (() => void) => {
        return () => {
          done();
          this.end({ status, complete: true, usage, ...end });
        };
      };
      if (!held || changed === null || dialect === null)
        return { reply: { ...reply, body: text }, done: over({ text, type }) };
      const events = asEvents(dialect, changed, body ?? {});
      const told = { text: events, type: EVENT_STREAM };
      return { reply: { status, body: events, type: EVENT_STREAM }, done: over(told) };
    } catch (error) {
      done();
      throw error;
    }
  }

  /** The reply as the response chain leaves it; null where it is no JSON object, or there is no chain. */
  private async response({ body: text, status }: Reply): Promise<JsonObject | null> {
    const read = status < 300 ? objectIn(text) : null;
    if (read === null) return null;
    let value = read;
    for (const link of this.chain.response_middleware) {
      const changed: unknown = await this.hook(link, () => link.hooks.response?.(value, this.asked));
      if (isObject(changed)) value = changed;
    }
    return value;
  }

  private end(how: Pick<MiddlewareEnd, 'status' | 'complete'> & Partial<MiddlewareEnd>): void {
    if (this.over) return;
    this.over = true;
    const { provider, entity } = this.who;
    const durationMs = this.options.now() - this.startedAt;
    const text = this.keepsText ? (how.text ?? null) : null;
    const ended: MiddlewareEnd = { usage: null, type: null, ...how, text, durationMs, provider, entity };
    const report = (at: string, error: unknown): void =>
      this.options.tell(`${this.options.virtualModel}: ${at} failed: ${wordsOf(error)}`);
    for (const listener of this.listeners) {
      try {
        listener(ended);
      } catch (error) {
        report('request_middleware', error);
      }
    }
    for (const { hooks, at } of this.chain.post_response_middleware) {
      void Promise.resolve(ended)
        .then((told) => hooks.done?.(told, this.asked))
        .catch((error: unknown) => report(at, error));
    }
  }

  /** A hook that throws is a fault of the platform's own, and told as one. */
  private async hook({ name, at }: Link, act: () => unknown): Promise<unknown> {
    try {
      return await act();
    } catch (error) {
      if (error instanceof HttpError) throw error;
      const text = `Middleware '${name}' in ${at} of ${this.options.virtualModel} failed: ${wordsOf(error)}`;
      this.options.tell(text);
      throw new HttpError(500, { detail: text });
    }
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function objectIn(text: string): JsonObject | null {
  let value: Json;
  try {
    value = parseExact(text);
  } catch {
    return null;
  }
  return isObject(value) ? value : null;
}

/** Without the client's key to the platform. */
function headersOf({ request }: Exchange): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      value === undefined || name === 'authorization' || name === 'x-api-key'
        ? []
        : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}
