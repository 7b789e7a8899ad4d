import type { WireDialect } from './contracts.js';
import type { Json, JsonObject } from './json.js';

/** A request for a virtual model, on its way through a chain. */
export interface MiddlewareRequest {
  /** `workspace/name`. */
  readonly virtualModel: string;
  /** The path after `/-/`: `v1/chat/completions`. */
  readonly path: string;
  /** The dialect of the path; null for any other, such as `v1/embeddings`. */
  readonly dialect: WireDialect | null;
  /** What the client sent, in its own dialect: may be changed. Another `model` is another entity, `workspace/name`. Null where the body is no JSON object. */
  readonly body: JsonObject | null;
  /** The client's headers, names in lower case. Its key is not among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Entities (`workspace/name`) that are asked when all providers of the model's own have failed: may be added to. */
  readonly fallbacks: string[];
  /** Aborted when the client hangs up. */
  readonly signal: AbortSignal;
  /** Calls `listener` when all is over, as `done` of a post-response chain. `keepText`: it is told what the client got. */
  readonly onDone: (listener: (ended: MiddlewareEnd) => void, options?: { keepText?: boolean }) => void;
}

/** What the client gets in the place of a model's reply: a body as JSON, or a text with its type. */
export interface MiddlewareAnswer {
  readonly status: number;
  readonly body?: Json;
  readonly text?: string;
  /** Default: `application/json`. */
  readonly type?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a request ended. */
export interface MiddlewareEnd {
  readonly status: number;
  /** False for a stream that was cut, by either side. */
  readonly complete: boolean;
  /** As the reply tells it; null where it does not. Unit: tokens. */
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number } | null;
  /** Unit: ms. */
  readonly durationMs: number;
  /** Who answered: `workspace/name` of the provider and of the entity; null where nobody did. */
  readonly provider: string | null;
  readonly entity: string | null;
  /** What the client got, where it was to be kept and is not too long; a stream with all its events. Its media type. */
  readonly text: string | null;
  readonly type: string | null;
}

/** A hook that returns nothing, or what takes the place of what it was given; at once or as a promise. */
export type MiddlewareHook<Given extends unknown[], Result> =
  ((...given: Given) => Promise<Result | undefined> | Result | undefined) | ((...given: Given) => void);

/**
 * What one entry of a chain does; a chain calls the hook of its kind. A hook that throws ends the request with 500 and
 * the name of the entry, before anything was sent; in a stream, it cuts it; `done` is only reported.
 */
export interface MiddlewareHooks {
  /** Of a request chain. What it returns is the client's answer, and no model is asked. */
  readonly request?: MiddlewareHook<[asked: MiddlewareRequest], MiddlewareAnswer>;
  /**
   * Of a response chain: a whole reply in the client's dialect, to change or to replace. Without `event`, a client that
   * asked for a stream gets one of the changed whole: nothing of it comes before the reply is complete.
   */
  readonly response?: MiddlewareHook<[reply: JsonObject, asked: MiddlewareRequest], JsonObject>;
  /** Of a response chain: the data of one event of a stream, to change or to replace; null drops it. */
  readonly event?: (data: JsonObject, asked: MiddlewareRequest) => unknown;
  /** Of a post-response chain: the client has its reply. */
  readonly done?: (ended: MiddlewareEnd, asked: MiddlewareRequest) => unknown;
}

/** A kind of middleware. */
export interface Middleware {
  /** As chains name it. */
  readonly name: string;
  /** The values of `config_type` that it takes; absent: any. */
  readonly types?: readonly string[];
  /**
   * Makes the hooks of one entry of a chain. It is opened anew when the entry changes. What it throws refuses the
   * virtual model with 422 and the message.
   */
  open(config: JsonObject, type: string): MiddlewareHooks;
}

/** For a user's own file: `export default defineMiddleware({…})`. */
export function defineMiddleware(middleware: Middleware): Middleware {
  return middleware;
}
