import { errorReply } from './faults.mjs';
import { encodeEvent } from './streams.mjs';

/**
 * Writes replies, healthy or broken, on one response object. Every wait ends when the peer goes away.
 *
 * @param {import('node:http').ServerResponse} res
 */
export function writer(res) {
  const socket = res.socket;
  let gone = false;
  /** @type {Set<() => void>} */
  const wakers = new Set();
  res.once('close', () => {
    gone = true;
    for (const wake of wakers) wake();
  });

  /** @param {number} ms */
  const wait = (ms) =>
    ms <= 0 || gone
      ? Promise.resolve()
      : new Promise((/** @type {(value?: undefined) => void} */ resolve) => {
          const wake = () => {
            clearTimeout(timer);
            wakers.delete(wake);
            resolve();
          };
          const timer = setTimeout(wake, Math.min(ms, 2 ** 31 - 1));
          wakers.add(wake);
        });

  return {
    wait,
    isGone: () => gone,
    reset: () => socket?.resetAndDestroy(),
    /** Closes the socket in the middle of a body, politely (FIN). */
    hangUp: () => socket?.end(),

    /** @param {number} status @param {Record<string, string>} headers @param {string | Buffer} text */
    whole(status, headers, text) {
      const body = Buffer.isBuffer(text) ? text : Buffer.from(text);
      res.writeHead(status, { ...headers, 'content-length': String(body.length) });
      res.end(body);
    },

    /** Headers with the true length, then the first part of the body only. @param {string} text @param {number} share */
    async part(text, share) {
      const body = Buffer.from(text);
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': String(body.length) });
      res.flushHeaders();
      const cut = Math.floor(body.length * share);
      if (cut > 0) await new Promise((resolve) => res.write(body.subarray(0, cut), resolve));
      return body.subarray(cut);
    },

    /** A healthy body in pieces of `size` bytes, `ms` apart. @param {string} text @param {number} size @param {number} ms */
    async drip(text, size, ms) {
      const body = Buffer.from(text);
      if (!res.headersSent) {
        res.writeHead(200, { 'content-type': 'application/json', 'content-length': String(body.length) });
      }
      for (let at = 0; at < body.length && !gone; at += size) {
        res.write(body.subarray(at, at + size));
        await (ms > 0 ? wait(ms) : new Promise(setImmediate));
      }
      res.end();
    },

    /** @param {import('./provider.d.mts').StatusFault} fault */
    error(fault) {
      const reply = errorReply(fault, Date.now());
      this.whole(reply.status, reply.headers, reply.text);
    },

    startStream() {
      res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
      res.flushHeaders();
    },

    /** @param {import('./streams.mjs').StreamEvent} event */
    event(event) {
      if (!gone) res.write(encodeEvent(event));
    },
    /** @param {string | Buffer} bytes */
    raw(bytes) {
      if (!gone) res.write(bytes);
    },
    end: () => res.end(),
  };
}
