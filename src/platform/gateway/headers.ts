import type { IncomingMessage } from 'node:http';
import type { HeaderFields, JsonObject } from '../../protocol/index.js';

/** Of the connection, or the client's key for this server: never passed on. */
const DROPPED: ReadonlySet<string> = new Set([
  'host',
  'authorization',
  'x-api-key',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-for',
  'accept-encoding',
  'content-length',
  'connection',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
]);
/** Of the connection to the provider, or of bytes that were unpacked on the way. */
const DROPPED_REPLIES: ReadonlySet<string> = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'keep-alive',
  'transfer-encoding',
  'trailer',
  'upgrade',
  'proxy-authenticate',
  'date',
]);

export type Headers = Record<string, string | string[]>;

/** The client's headers as a provider gets them: its defaults where absent, what it requires, its key last. */
export function sentHeaders(
  request: IncomingMessage,
  provider: JsonObject,
  auth: Readonly<Record<string, string>>,
): Headers {
  const sent: Headers = {};
  const { headers } = request;
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && !DROPPED.has(name)) sent[name] = value;
  }
  const { defaults, required } = ownHeaders(provider);
  for (const [name, value] of defaults) sent[name] ??= value;
  for (const [name, value] of required) sent[name] = value;
  return Object.assign(sent, auth);
}

/** The headers of a provider for a request without a client. */
export function providerHeaders(provider: JsonObject): Headers {
  const { defaults, required } = ownHeaders(provider);
  return Object.fromEntries([...defaults, ...required]);
}

interface OwnHeaders {
  readonly defaults: readonly [string, string][];
  readonly required: readonly [string, string][];
}

/** By a provider's data, of which a change makes another. */
const owned = new WeakMap<JsonObject, OwnHeaders>();

function ownHeaders(provider: JsonObject): OwnHeaders {
  let own = owned.get(provider);
  if (own === undefined) {
    own = {
      defaults: texts(provider['default_extra_headers']),
      required: texts(provider['required_extra_headers']),
    };
    owned.set(provider, own);
  }
  return own;
}

/** Names of a provider's own headers that can be sent: the reference takes any text for a name. */
function texts(of: unknown): [string, string][] {
  const given = Object.entries((of ?? {}) as Record<string, string>);
  return given
    .map(([name, value]): [string, string] => [name.toLowerCase(), value])
    .filter(
      ([name, value]) =>
        /^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name) &&
        isSendable(value) &&
        (!DROPPED.has(name) || name === 'x-api-key'),
    );
}

export function isSendable(value: string): boolean {
  return !/[\u0000-\u0008\u000a-\u001f\u007f]|[^\u0000-\u00ff]/.test(value);
}

/** A provider's headers as the client gets them. */
export function passedHeaders(headers: HeaderFields): Headers {
  const connection = String(headers['connection'] ?? '').toLowerCase();
  const passed: Headers = {};
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || DROPPED_REPLIES.has(name) || connection.includes(name)) continue;
    passed[name] = typeof value === 'string' ? value : [...value];
  }
  return passed;
}
