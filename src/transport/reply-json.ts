import type { Json } from '../protocol/index.js';
import { CallFailure, isObject, readInBandError } from '../protocol/index.js';

/** Control characters inside JSON strings, which some servers forget to escape. */
function escapeControls(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"/gs, (string) =>
    string.replace(/[\u0000-\u001f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    try {
      return JSON.parse(escapeControls(text.replace(/^\uFEFF/, ''))) as Json;
    } catch {
      return undefined;
    }
  }
}

function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line === '' ? 'an empty body' : `"${line.slice(0, 120)}${line.length > 120 ? '…' : ''}"`;
}

/**
 * The body of a 2xx reply as JSON. Throws `garbage_reply` for what is not JSON, and the failure that the body
 * tells of when it is an error in disguise: `{"error": …}` with HTTP 200 and no answer beside it.
 */
export function replyJson(text: string, url: string, status: number): Json {
  const body = parse(text);
  if (body === undefined) {
    throw new CallFailure(
      'garbage_reply',
      `${url}: HTTP ${status}, but the reply is not JSON: ${excerpt(text)}`,
      {
        status,
        retryable: true,
      },
    );
  }
  const told = isObject(body) && !hasAnswer(body) ? readInBandError(body) : undefined;
  if (told !== undefined) {
    throw new CallFailure(told.kind, `${url}: HTTP ${status} with an error inside: ${told.message}`, {
      status,
      retryable: told.retryable,
      providerCode: told.code,
      providerMessage: told.message,
    });
  }
  return body;
}

function hasAnswer(body: { [key: string]: Json }): boolean {
  return ['choices', 'output', 'content'].some((key) => Array.isArray(body[key]) && body[key].length > 0);
}
