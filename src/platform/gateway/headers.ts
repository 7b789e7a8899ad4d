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
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !DROPPED.has(name)) sent[name] = value;
  }
  for (const [name, value] of texts(provider['default_extra_headers']))
    if (!(name in sent)) sent[name] = value;
  for (const [name, value] of texts(provider['required_extra_headers'])) sent[name] = value;
  return { ...sent, ...auth };
}

/** The headers of a provider for a request without a client. */
export function providerHeaders(provider: JsonObject): Headers {
  return Object.fromEntries([
    ...texts(provider['default_extra_headers']),
    ...texts(provider['required_extra_headers']),
  ]);
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
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]): [string, string | string[]][] =>
      value === undefined || DROPPED_REPLIES.has(name) || connection.includes(name)
        ? []
        : [[name, typeof value === 'string' ? value : [...value]]],
    ),
  );
}
