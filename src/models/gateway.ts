import { randomBytes } from 'node:crypto';
import type {
  Call,
  Json,
  JsonObject,
  Model,
  ReplyStream,
  WireAnswer,
  WireDialect,
} from '../protocol/index.js';
import { CallFailure, header, idSource, isObject } from '../protocol/index.js';
import type { ByteStream, Transport, WireRequest } from '../transport/index.js';
import { openExchange, wholeAsEvents } from '../translate/index.js';
import type { Exchange, TranslateOptions } from '../translate/index.js';
import { GatewayStream, storedStream } from './gateway-stream.js';
import { PassedStream } from './passed-stream.js';

const newId = idSource(randomBytes);

/** Where a request goes, and where it goes instead when that is down. */
export type Route = Pick<WireRequest<unknown>, 'url' | 'upstream' | 'reroute'>;

/** How the requests of clients of any dialect reach one provider. */
export interface GatewaySpec {
  name: string;
  /** What the provider speaks. */
  upstream: WireDialect;
  /** False for a provider that only gives whole replies. */
  streams: boolean;
  /** Where it is asked; may depend on the episode. */
  route(call: Call): Route;
  /** The URL's path below the base URL. */
  endpoint: string;
  headers: Readonly<Record<string, string>>;
  translate: Omit<TranslateOptions, 'newId'>;
  /** Last changes to the body that is sent. */
  finish?(body: JsonObject): JsonObject;
  /** Changes to a whole reply before it is read. */
  normalize?(body: Json): Json;
  transport: Transport;
}

/** Makes a model's `exchange`: translated there and back, or passed through where both sides speak the same. */
export function gateway(spec: GatewaySpec): NonNullable<Model['exchange']> {
  return (dialect, body, call) => {
    const wanted = body['stream'] === true;
    const exchange = openExchange(body, {
      ...spec.translate,
      client: dialect,
      upstream: spec.upstream,
      stream: wanted && spec.streams,
      newId,
    });
    const sent = sentBody(spec, dialect, body, exchange);
    const same = dialect === spec.upstream;
    if (wanted && spec.streams) return streamed(spec, exchange, sent, call, same);
    return whole(spec, exchange, sent, call, { wanted, same });
  };
}

/** A client of the provider's own dialect says itself whether its stream ends with usage. */
function sentBody(spec: GatewaySpec, dialect: WireDialect, body: JsonObject, exchange: Exchange): JsonObject {
  const sent = { ...exchange.body };
  if (dialect === 'chat' && spec.upstream === 'chat') {
    delete sent['stream_options'];
    const { stream_options: given } = body;
    if (given !== undefined && sent['stream'] === true) sent['stream_options'] = given;
  }
  return spec.finish?.(sent) ?? sent;
}

async function whole(
  spec: GatewaySpec,
  exchange: Exchange,
  body: JsonObject,
  call: Call,
  { wanted, same }: { wanted: boolean; same: boolean },
): Promise<WireAnswer> {
  const { value } = await spec.transport.exchange<WireAnswer>(
    {
      ...request(spec, body, call),
      ...(same && !wanted && spec.normalize === undefined && { readText: passable }),
      read(parsed, { text }) {
        const reply = spec.normalize?.(parsed as Json) ?? (parsed as Json);
        if (wanted) return { stream: storedStream(replayed(spec, exchange, reply)) };
        const translated = exchange.reply(reply);
        // Passed through byte by byte where nothing was changed.
        return { text: same && translated === parsed ? text : JSON.stringify(translated) };
      },
    },
    call,
  );
  return value;
}

/**
 * A whole reply that can be passed on without being read: it looks like one JSON object, and nothing in it is called
 * an error. Any other is read, and judged.
 */
function passable(text: string): WireAnswer | undefined {
  const whole = text.startsWith('{') && /\}\s*$/.test(text.slice(-8));
  return whole && !ERROR_KEY.test(text) ? { text } : undefined;
}

/** `"error":` with something behind it; a null error is none. */
const ERROR_KEY = /"error"\s*:\s*(?!null\b)/;

/** The events that a client's dialect tells a whole reply with. */
function replayed(spec: GatewaySpec, exchange: Exchange, reply: Json): string[] {
  const pieces: string[] = [];
  const translation = exchange.stream((text) => pieces.push(text));
  const events = wholeAsEvents(spec.upstream, isObject(reply) ? reply : {});
  for (const event of events) translation.push(event);
  translation.end();
  if (translation.outcome instanceof CallFailure) throw translation.outcome;
  return pieces;
}

async function streamed(
  spec: GatewaySpec,
  exchange: Exchange,
  body: JsonObject,
  call: Call,
  same: boolean,
): Promise<WireAnswer> {
  const { value } = await spec.transport.stream<ReplyStream>(
    {
      ...request(spec, body, call),
      read(opened) {
        const bytes = opened as ByteStream;
        const isStream = /event-stream/i.test(header(bytes.headers, 'content-type') ?? '');
        return same && isStream
          ? new PassedStream(bytes, spec.upstream, exchange)
          : new GatewayStream(bytes, spec.upstream, exchange);
      },
    },
    call,
  );
  return { stream: value };
}

function request(spec: GatewaySpec, body: JsonObject, call: Call) {
  return {
    model: spec.name,
    ...spec.route(call),
    endpoint: spec.endpoint,
    headers: spec.headers,
    body: JSON.stringify(body),
    // A request that starts or names state at the provider must not be repeated lightly.
    replaySafe: body['background'] !== true && typeof body['conversation'] !== 'string',
  };
}
