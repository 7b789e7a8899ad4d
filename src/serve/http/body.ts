import type { IncomingMessage } from 'node:http';
import { isObject, type Json, type JsonObject } from '../../protocol/index.js';
import { HttpError, unprocessable } from './http-error.js';

/** Largest request body that is read unless configured otherwise. Unit: bytes. */
export const DEFAULT_MAX_BODY_BYTES = 64 * 1024 * 1024;

/** The whole request body as text. Throws as {@link readBytes} does. */
export async function readText(request: IncomingMessage, limit: number): Promise<string> {
  return (await readBytes(request, limit)).toString('utf8');
}

/**
 * The whole request body. Compressed bodies are refused with 415 rather than unpacked (a small body
 * could unpack to any size); more than `limit` bytes is 413, decided by the announced length when there is one.
 */
export async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new HttpError(415, { detail: `Content-Encoding "${encoding}" is not accepted: send plain JSON` });
  }
  const tooLarge = (): HttpError =>
    new HttpError(
      413,
      { detail: `The request body is larger than ${limit} bytes` },
      // The rest of the body is not read, so this connection cannot carry another request.
      { connection: 'close' },
    );
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  return collect(request, limit, tooLarge);
}

function collect(request: IncomingMessage, limit: number, tooLarge: () => HttpError): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        request.pause();
        request.removeAllListeners('data');
        reject(tooLarge());
        return;
      }
      chunks.push(chunk);
    });
    request.once('end', () => {
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
    });
    // Also when the client hangs up before its request is complete.
    request.once('error', reject);
  });
}

function parse(text: string): Json {
  if (text === '') return null;
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw unprocessable([], `JSON decode error: ${(error as Error).message}`, 'json_invalid');
  }
}

/** Any JSON value; an empty body is null. Malformed JSON is 422, as the reference answers. */
export async function readJson(request: IncomingMessage, limit: number): Promise<Json> {
  return parse(await readText(request, limit));
}

/** A JSON object, and its text, in which numbers have the form that the client gave them. */
export async function readObjectText(
  request: IncomingMessage,
  limit: number,
): Promise<{ text: string; value: JsonObject }> {
  const text = await readText(request, limit);
  const value = parse(text);
  if (!isObject(value)) throw unprocessable([], 'Input should be a JSON object', 'dict_type');
  return { text, value };
}

export async function readObject(request: IncomingMessage, limit: number): Promise<JsonObject> {
  return (await readObjectText(request, limit)).value;
}
