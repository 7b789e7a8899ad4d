import { isObject, type Json, type JsonObject } from '../../protocol/index.js';

/** Usual tokenizers need one token for about so many bytes of English or code. */
const BYTES_PER_TOKEN = 4;
/** What chat templates put around a message, a call or a result. Unit: tokens. */
const PER_ITEM = 4;
/** An image of middle size; none is decoded to find out. Unit: tokens. */
const PER_IMAGE = 1000;

/** What of a request becomes part of the prompt. */
const PARTS = ['system', 'instructions', 'messages', 'input', 'tools'] as const;

/** Fields that steer and are not read by the model. */
const SILENT = new Set([
  'type',
  'role',
  'id',
  'call_id',
  'tool_use_id',
  'status',
  'cache_control',
  'signature',
]);

/**
 * About how many tokens a request of any dialect has as input, for providers that do not count: a quarter of the
 * bytes of its texts and tool declarations, and a flat price for each message and image. Good to a fifth or so for
 * English and code; other scripts have fewer bytes to a token.
 */
export function estimateTokens(body: JsonObject): number {
  let bytes = 0;
  let flat = 0;
  for (const key of PARTS) {
    const part = body[key];
    if (part === undefined || part === null) continue;
    if (key === 'tools') bytes += Buffer.byteLength(JSON.stringify(part));
    else {
      const items = Array.isArray(part) ? part : [part];
      flat += PER_ITEM * items.length;
      for (const item of items) add(item);
    }
  }
  return Math.max(1, Math.ceil(bytes / BYTES_PER_TOKEN) + flat);

  function add(value: Json): void {
    if (typeof value === 'string') bytes += Buffer.byteLength(value);
    else if (Array.isArray(value)) value.forEach(add);
    else if (isObject(value)) addObject(value);
    else if (value !== null) bytes += String(value).length;
  }

  function addObject(value: JsonObject): void {
    const { type, text } = value;
    if (typeof type === 'string' && type.includes('image') && text === undefined) {
      flat += PER_IMAGE;
      return;
    }
    for (const [key, inner] of Object.entries(value)) if (!SILENT.has(key)) add(inner);
  }
}
