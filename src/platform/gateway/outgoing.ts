import type { JsonObject } from '../../protocol/index.js';
import type { Exchange } from '../../serve/http/index.js';
import { writeExact } from '../http/index.js';
import type { Entity } from '../registry/index.js';
import type { Outgoing } from './ask.js';
import type { Body } from './body.js';
import { sentHeaders } from './headers.js';

/** Methods whose body is a provider's to extend. */
const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

export interface OutgoingParts {
  /** Below the provider's address. */
  readonly rest: string;
  readonly body: Body;
  /** The body was made here: its bytes are not what is sent. */
  readonly own: boolean;
  /** The header with the provider's key. */
  readonly auth: Readonly<Record<string, string>>;
}

/** A client's request as a provider gets it. */
export function outgoing(
  { request }: Exchange,
  { data }: Entity,
  { rest, body, own, auth }: OutgoingParts,
): Outgoing {
  const method = request.method ?? 'GET';
  const headers = sentHeaders(request, data, auth);
  let bytes: Buffer | null = body.bytes.length === 0 ? null : body.bytes;
  if (body.object !== null && WITH_BODY.has(method) && (own || addsToBodies(data))) {
    bytes = Buffer.from(writeExact(mergedBody(data, body.object)));
    headers['content-type'] ??= 'application/json';
  }
  return { method, rest, query: queryIn(request.url ?? ''), headers, bytes };
}

/** With its `?`; a query without parameters is none. */
function queryIn(target: string): string {
  const at = target.indexOf('?');
  if (at === -1) return '';
  const query = target.slice(at);
  return /[^?&]/.test(query) ? query : '';
}

export function addsToBodies(data: JsonObject): boolean {
  return (data['default_extra_body'] ?? data['required_extra_body'] ?? null) !== null;
}

/** `{default} < caller < {required}`, key by key at the top. */
function mergedBody(provider: JsonObject, body: JsonObject): JsonObject {
  return {
    ...((provider['default_extra_body'] ?? {}) as JsonObject),
    ...body,
    ...((provider['required_extra_body'] ?? {}) as JsonObject),
  };
}
