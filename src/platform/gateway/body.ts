import { isObject, type Json, type JsonObject } from '../../protocol/index.js';
import { jsonFault } from '../../python/index.js';
import type { HttpError } from '../../serve/http/index.js';
import { isJsonType, parseExact } from '../http/index.js';
import { refuse } from '../resources/index.js';

/** A client's body: its bytes, and the object in them when they are JSON. */
export interface Body {
  readonly bytes: Buffer;
  readonly object: JsonObject | null;
  /** The bytes as text, where the object is what they say. */
  readonly text?: string;
}

/** Reads what may be read: bytes that are no JSON object stay bytes. */
export function looseBody(bytes: Buffer, contentType: string | undefined): Body {
  if (bytes.length === 0 || !isJsonType(contentType)) return { bytes, object: null };
  try {
    const text = bytes.toString('utf8');
    const value = parseExact(text);
    return isObject(value) ? { bytes, object: value, text } : { bytes, object: null };
  } catch {
    return { bytes, object: null };
  }
}

/** A body that must be a JSON object, whatever type it claims. Throws 400 in the words of the reference. */
export function objectBody(bytes: Buffer): Body & { readonly object: JsonObject } {
  const text = bytes.toString('utf8');
  let value: Json;
  try {
    value = parseExact(text);
  } catch {
    throw invalid(jsonFault(text)?.message ?? 'NaN and Infinity are no JSON');
  }
  if (!isObject(value)) throw invalid('a JSON object is wanted');
  return { bytes, object: value, text };
}

function invalid(why: string): HttpError {
  return refuse(400, `Invalid request body: ${why}`);
}

/** The model that a request of the `openai` route names. Throws 400. */
export function modelIn(body: JsonObject): string {
  const { model } = body;
  if (model === undefined) throw refuse(400, "Could not extract model from openai request: 'model'");
  if (typeof model !== 'string')
    throw refuse(400, 'Could not extract model from openai request: it is not a text');
  return model;
}
