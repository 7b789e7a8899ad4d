import { randomBytes } from 'node:crypto';
import {
  CallFailure,
  header,
  idSource,
  isObject,
  type Json,
  type JsonObject,
  type ReplyStream,
  type WireDialect,
} from '../../protocol/index.js';
import { GatewayStream } from '../../models/index.js';
import type { Exchange as HttpExchange, Reply } from '../../serve/http/index.js';
import type { ByteStream } from '../../transport/index.js';
import { openExchange, type Exchange } from '../../translate/index.js';
import { parseExact, writeExact } from '../http/index.js';
import { refuse } from '../resources/index.js';
import type { Body } from './body.js';
import { passedHeaders, type Headers } from './headers.js';
import { renameModel, withModel } from './rename-model.js';
import { collect, renamedEvents } from './reply-stream.js';
import type { Route, Serving } from './routing.js';

/** A whole reply is read to put the model's name in it. Unit: bytes. */
const MAX_REPLY_BYTES = 256 * 1024 * 1024;
const newId = idSource(randomBytes);

const DIALECTS: Readonly<Record<string, WireDialect>> = {
  'v1/chat/completions': 'chat',
  'v1/messages': 'messages',
  'v1/responses': 'responses',
};
const PATHS: Readonly<Record<WireDialect, string>> = {
  chat: 'v1/chat/completions',
  messages: 'v1/messages',
  responses: 'v1/responses',
};

/** How one request for a model is put to one provider, and what the client gets of the reply. */
export interface Talk {
  readonly rest: string;
  readonly body: Body;
  /** The body was made here and is not the client's bytes. */
  readonly bodyOwner: boolean;
  /** It is a request for Responses, passed on as such to a provider of which it is not known whether it has them. */
  readonly needsResponses: boolean;
  reply(
    status: number,
    bytes: ByteStream,
    exchange: HttpExchange,
  ): Promise<Reply | { stream: ReplyStream; headers: Headers }>;
}

export interface TalkOptions {
  readonly route: Route;
  readonly serving: Serving;
  readonly body: Body;
  readonly rest: string;
  readonly method: string;
  /** False for a provider that is known to have no Responses: it is asked for Chat. */
  readonly speaksResponses: boolean;
}

/** In the provider's dialect where it has another than the client, else passed on with the model's name changed. */
export function openTalk(options: TalkOptions): Talk {
  const { body, rest, route, method, speaksResponses } = options;
  const client = dialectOf(rest);
  const upstream = upstreamDialect(client, route.format, speaksResponses);
  if (method !== 'POST' || body.object === null || client === undefined || upstream === client)
    return passed(options);
  return translated(options, body.object, client, upstream);
}

/** The dialect of a path below a provider. */
export function dialectOf(rest: string): WireDialect | undefined {
  return DIALECTS[rest];
}

/** Some who have Chat have Responses as well, which only asking tells. */
function upstreamDialect(
  client: WireDialect | undefined,
  format: string,
  speaksResponses: boolean,
): WireDialect {
  if (format === 'ANTHROPIC_MESSAGES') return 'messages';
  return client === 'responses' && speaksResponses ? 'responses' : 'chat';
}

function passed({ route, serving, body, rest }: TalkOptions): Talk {
  const { served } = serving;
  const { bytes, object, text } = body;
  const written = text === undefined ? null : withModel(text, served);
  return {
    rest,
    body:
      object === null
        ? body
        : {
            bytes: written === null ? bytes : Buffer.from(written),
            object: { ...object, model: served },
          },
    // Where the name could be put into the text, that is sent, unless the provider adds to it.
    bodyOwner: written === null,
    needsResponses: dialectOf(rest) === 'responses',
    async reply(status, bytes, exchange) {
      const headers = passedHeaders(bytes.headers);
      if (isStream(bytes)) return { stream: renamedEvents(bytes, exchange, served, route.entity), headers };
      const text = await wholeText(bytes, exchange.signal);
      objectIn(text);
      return { status, body: renameModel(text, served, route.entity), ...replyHead(headers) };
    },
  };
}

function translated(
  { route, serving }: TalkOptions,
  body: JsonObject,
  client: WireDialect,
  upstream: WireDialect,
): Talk {
  const stream = body['stream'] === true;
  const exchange = opened(body, { client, upstream, stream, model: route.entity });
  const object = { ...exchange.body, model: serving.served };
  return {
    rest: PATHS[upstream],
    body: { bytes: Buffer.alloc(0), object },
    bodyOwner: true,
    needsResponses: false,
    async reply(status, bytes, asked) {
      const headers = passedHeaders(bytes.headers);
      delete headers['content-type'];
      if (stream) {
        return {
          stream: new GatewayStream(bytes, upstream, exchange),
          headers: {
            ...headers,
            'content-type': 'text/event-stream',
            'cache-control': 'no-cache',
          },
        };
      }
      return {
        status,
        body: writeExact(repliedWith(exchange, objectIn(await wholeText(bytes, asked.signal)))),
        ...replyHead(headers),
      };
    },
  };
}

function opened(
  body: JsonObject,
  {
    client,
    upstream,
    stream,
    model,
  }: { client: WireDialect; upstream: WireDialect; stream: boolean; model: string },
): Exchange {
  try {
    return openExchange(body, { client, upstream, stream, model, newId, unsupported: 'drop' });
  } catch (error) {
    throw error instanceof CallFailure ? refuse(400, error.message) : error;
  }
}

function repliedWith(exchange: Exchange, reply: JsonObject): JsonObject {
  try {
    return exchange.reply(reply);
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    throw refuse(502, `Inference Gateway could not translate the upstream response: ${error.message}`);
  }
}

async function wholeText(bytes: ByteStream, signal: AbortSignal): Promise<string> {
  let whole: Buffer | null;
  try {
    whole = await collect(bytes, MAX_REPLY_BYTES, signal);
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    throw refuse(502, `Backend networking error: ${error.message}`);
  }
  if (whole === null) throw refuse(502, `The upstream response is larger than ${MAX_REPLY_BYTES} bytes`);
  return whole.toString('utf8');
}

/** Throws 502 for a reply that is no JSON object. */
function objectIn(text: string): JsonObject {
  let value: Json;
  try {
    value = parseExact(text);
  } catch {
    const words =
      'Inference Gateway could not parse the upstream response as JSON for inference middleware processing.';
    throw refuse(502, words);
  }
  if (isObject(value)) return value;
  throw refuse(
    502,
    'Inference Gateway received an upstream JSON response that is not an object, which inference middleware cannot process.',
  );
}

function isStream(bytes: ByteStream): boolean {
  return /event-stream/i.test(header(bytes.headers, 'content-type') ?? '');
}

function replyHead({
  'content-type': type,
  ...headers
}: Headers): Pick<Reply, 'headers'> & { type?: string } {
  return { headers: headers as Record<string, string>, ...(typeof type === 'string' && { type }) };
}
