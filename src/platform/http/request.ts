import type { IncomingMessage } from 'node:http';
import { jsonFault } from '../../python/index.js';
import { isObject, type Json, type JsonObject } from '../../protocol/index.js';
import { HttpError, readBytes } from '../../serve/http/index.js';
import { Faults, object, type Fields, type Kind } from '../schema/index.js';

/** True for the media types that the reference reads as JSON. */
export function isJsonType(header: string | undefined): boolean {
  const type = (header ?? '').split(';', 1)[0]!.trim().toLowerCase();
  return type === 'application/json' || /^application\/[^/]*\+json$/.test(type);
}

/** The body as the reference sees it: JSON by its content type, else its text; undefined for none. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Json | undefined> {
  const bytes = await readBytes(request, limit);
  if (bytes.length === 0) return undefined;
  if (!isJsonType(request.headers['content-type'])) return bytes.toString('utf8');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new HttpError(400, { detail: 'There was an error parsing the body' });
  }
  try {
    return JSON.parse(text) as Json;
  } catch {
    // Python also takes NaN and infinities, which nothing here can hold.
    const { problem, at } = jsonFault(text) ?? {
      problem: 'Expecting value',
      at: text.search(/NaN|-?Infinity/),
    };
    const faults = new Faults();
    faults.add('json_invalid', ['body', at], 'JSON decode error', {}, { error: problem });
    faults.check();
    throw new Error('unreachable');
  }
}

export interface Given {
  /** Every field, with the fallbacks of those that were left out. */
  readonly value: JsonObject;
  /** The names that the caller gave. */
  readonly given: ReadonlySet<string>;
}

/** Fits a body to what is asked for. Throws 422 with everything that is wrong. */
export function fit(body: Json | undefined, kind: Kind): Given {
  const faults = new Faults();
  if (body === undefined) faults.add('missing', ['body'], 'Field required', null);
  const value = body === undefined ? undefined : kind(body, ['body'], faults);
  faults.check();
  return { value: value as JsonObject, given: new Set(isObject(body) ? Object.keys(body) : []) };
}

/** The parameters of a query, the last of each name. Texts that are numbers or booleans become them. */
export function readQuery(query: URLSearchParams, fields: Fields): JsonObject {
  const given = Object.fromEntries(query.entries()) as JsonObject;
  const faults = new Faults();
  const value = object(fields)(given, ['query'], faults);
  faults.check();
  return value as JsonObject;
}
