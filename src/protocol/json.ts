/** Any value that JSON text can hold. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object. Keys that we do not know are kept: untrusted data is read leniently and written back whole. */
export interface JsonObject {
  [key: string]: Json;
}

/** True for a plain JSON object (not null, not an array). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
