import { createHash } from 'node:crypto';
import type { MiddlewareAnswer } from '../../../protocol/index.js';
import { canonicalJson } from '../../../transport/index.js';
import { Config } from './config.js';
import type { Shipped } from './index.js';

interface Kept {
  readonly answer: MiddlewareAnswer;
  readonly until: number;
  readonly bytes: number;
}

const TTL_S = 300;
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Answers a request that was asked before, byte for byte the same but for the order of keys, with the same reply, for
 * `ttl_seconds` (default 300). At most `max_bytes` (default 64 MiB) are kept, the latest used. A stream is kept as one.
 */
export const cache: Shipped =
  ({ clock }) =>
  (given) => {
    const config = new Config(given);
    const ttlMs = (config.number('ttl_seconds') ?? TTL_S) * 1000;
    const maxBytes = config.number('max_bytes') ?? MAX_BYTES;
    config.done();
    const kept = new Map<string, Kept>();
    let size = 0;
    const drop = (key: string): void => {
      size -= kept.get(key)?.bytes ?? 0;
      kept.delete(key);
    };
    const keep = (key: string, answer: MiddlewareAnswer): void => {
      const bytes = Buffer.byteLength(answer.text ?? '');
      drop(key);
      if (bytes > maxBytes) return;
      kept.set(key, { answer, until: clock.now() + ttlMs, bytes });
      size += bytes;
      for (const oldest of kept.keys()) if (size > maxBytes) drop(oldest);
    };
    return {
      request({ body, path, onDone }) {
        if (body === null) return undefined;
        const key = createHash('sha256')
          .update(`${path}\n${canonicalJson(body)}`)
          .digest('base64');
        const known = kept.get(key);
        if (known !== undefined && known.until > clock.now()) {
          // The latest used is the last to go.
          kept.delete(key);
          kept.set(key, known);
          return { ...known.answer, headers: { 'x-ngym-cache': 'hit' } };
        }
        onDone(
          ({ status, complete, text, type }) => {
            if (status === 200 && complete && text !== null) keep(key, { status, text, type });
          },
          { keepText: true },
        );
        return undefined;
      },
    };
  };
