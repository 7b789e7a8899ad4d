import type { CallFailure, JsonObject, ResponsesRequest, SseEvent } from '../protocol/index.js';
import { isObject } from '../protocol/index.js';
import { GENERIC } from './capabilities/index.js';
import { readChatReply } from './chat/read-reply.js';
import { readChatRequest } from './chat/read-request.js';
import { writeChatReply } from './chat/write-reply.js';
import { writeChatRequest } from './chat/write-request.js';
import { writeError } from './errors.js';
import type { ErrorReply } from './errors.js';
import { garbage, untranslatable } from './failures.js';
import type { Dialect, ReplyForm, RequestForm } from './form.js';
import { throwInBandError } from './in-band.js';
import { readMessagesReply } from './messages/read-reply.js';
import { readMessagesRequest } from './messages/read-request.js';
import { writeMessagesReply } from './messages/write-reply.js';
import { writeMessagesRequest } from './messages/write-request.js';
import { toolNames } from './names.js';
import type { TranslateOptions } from './options.js';
import { readResponsesRequest } from './responses/read-request.js';
import { readResponsesReplyForm } from './responses/read-reply-form.js';
import { writeResponsesForm, writeResponsesRequest } from './responses/write-form.js';
import { writeResponsesReply } from './responses/write-reply.js';
import { sameDialectRequest } from './same-dialect.js';
import type { StreamTranslation } from './stream.js';
import { translateStream } from './stream.js';

/** One request of a client and everything that comes back for it. Make a new one for each attempt. */
export interface Exchange {
  /** The body to send to the upstream. */
  readonly body: JsonObject;
  /** A whole reply of the upstream in the client's dialect. Throws {@link CallFailure}. */
  reply(upstreamBody: unknown): JsonObject;
  /** A stream of the upstream; `send` gets each event for the client as text. */
  stream(send: (text: string, event: SseEvent) => void): StreamTranslation;
  /** A failure in the client's dialect. */
  error(failure: CallFailure): ErrorReply;
}

export interface ExchangeOptions extends TranslateOptions {
  client: Dialect;
  upstream: Dialect;
  /** Ask the upstream for a stream. Default: what the client's body says. */
  stream?: boolean;
}

function readRequest(client: Dialect, body: JsonObject, options: TranslateOptions): RequestForm {
  if (client === 'chat') return readChatRequest(body, options.usesReasoningParser === true);
  return client === 'messages' ? readMessagesRequest(body) : readResponsesRequest(body, options.previous);
}

function writeRequest(form: RequestForm, upstream: Dialect, options: TranslateOptions): JsonObject {
  if (upstream === 'chat') return writeChatRequest(form, options);
  return upstream === 'messages' ? writeMessagesRequest(form, options) : writeResponsesRequest(form, options);
}

function readReply(upstream: Dialect, body: unknown, options: TranslateOptions): ReplyForm {
  if (upstream === 'chat') return readChatReply(body, options);
  return upstream === 'messages' ? readMessagesReply(body) : readResponsesReplyForm(body);
}

/** The stream switch of the upstream's dialect; a Chat upstream is asked for usage where it allows that. */
function setStream(body: JsonObject, upstream: Dialect, stream: boolean, options: TranslateOptions): void {
  if (!stream) {
    if (body['stream'] === true) body['stream'] = false;
    return;
  }
  body['stream'] = true;
  if (upstream !== 'chat') return;
  const given = body['stream_options'];
  if ((options.capability ?? GENERIC).streamUsage) {
    body['stream_options'] = { ...(isObject(given) ? given : {}), include_usage: true };
  } else delete body['stream_options'];
}

/** What a Responses client's settings are echoed from, for clients of any dialect. */
function echoRequest(client: Dialect, body: JsonObject): ResponsesRequest {
  return client === 'responses' ? (body as unknown as ResponsesRequest) : { input: [], model: modelOf(body) };
}

function modelOf(body: JsonObject): string | null {
  return typeof body['model'] === 'string' ? body['model'] : null;
}

/**
 * Opens an exchange between a client that speaks one dialect and an upstream that speaks another, or the same.
 * Throws {@link CallFailure} `untranslatable`, naming the part, for what the upstream's dialect cannot hold.
 */
export function openExchange(body: JsonObject, options: ExchangeOptions): Exchange {
  const { client, upstream } = options;
  const streams = options.stream ?? body['stream'] === true;
  if (streams && options.tokenIds === true) {
    throw untranslatable('stream', 'token ids can be captured from whole replies only; ask without a stream');
  }
  const same = client === upstream;
  const form = same ? undefined : readRequest(client, body, options);
  const sent =
    form === undefined
      ? { ...sameDialectRequest(client, body, options) }
      : { ...writeRequest(form, upstream, options) };
  setStream(sent, upstream, streams, options);
  const rule = (options.capability ?? GENERIC).toolNames ?? undefined;
  const names = toolNames(form?.tools ?? [], upstream === 'responses' ? undefined : rule);
  const request = echoRequest(client, body);
  const model = options.model ?? modelOf(body);
  const reply = (upstreamBody: unknown): JsonObject => {
    if (same) {
      if (!isObject(upstreamBody)) throw garbage('the body is not a JSON object');
      throwInBandError(upstreamBody);
      return upstreamBody;
    }
    const read = readReply(upstream, upstreamBody, options);
    const from = model ?? read.model ?? '';
    if (client === 'chat') return writeChatReply(read, from, names, options);
    if (client === 'messages') return writeMessagesReply(read, from, names, options);
    return writeResponsesReply(read, request, names, options) as unknown as JsonObject;
  };
  const wanted = body['stream_options'];
  const includeUsage = isObject(wanted) && wanted['include_usage'] === true;
  return {
    body: sent,
    reply,
    stream: (send) => translateStream({ upstream, client, request, names, includeUsage, options }, send),
    error: (failure) => writeError(client, failure),
  };
}

/**
 * Any request as a Responses request, e.g. to store it or to hand it to a model. Fields that Responses lacks
 * (`stop`, `seed`, …) ride along under their own names, for an upstream that has them.
 */
export function requestAsResponses(
  client: Dialect,
  body: JsonObject,
  options: TranslateOptions,
): ResponsesRequest {
  if (client === 'responses') return body as unknown as ResponsesRequest;
  const form = readRequest(client, body, options);
  return writeResponsesForm(form, options, true) as unknown as ResponsesRequest;
}

/** A Responses reply in a client's dialect, e.g. for serving a model over HTTP. `body` is the client's request. */
export function replyForClient(
  client: Dialect,
  reply: unknown,
  body: JsonObject,
  options: TranslateOptions,
): JsonObject {
  if (client === 'responses') return reply as JsonObject;
  const read = readResponsesReplyForm(reply);
  const from = options.model ?? modelOf(body) ?? read.model ?? '';
  const names = toolNames([]);
  return client === 'chat'
    ? writeChatReply(read, from, names, options)
    : writeMessagesReply(read, from, names, options);
}
