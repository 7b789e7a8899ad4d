import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { HttpError } from './http-error.js';

/** True for an address that only this machine can reach. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (name === 'localhost' || name === '::1') return true;
  return isIP(name) === 4 && name.startsWith('127.');
}

export interface GuardOptions {
  /** The address that is bound; a loopback one turns on the check of `Host` and `Origin`. */
  host: string;
  /** Asked for as `Authorization: Bearer …` or `x-api-key`; null asks for none (loopback only). */
  token: string | null;
  /** Which `GET` paths need no token, because they say only that the server lives; default: `/` and `/health`. */
  open?: (path: string) => boolean;
}

/** `known`: the caller has another token than the one here, and was let in by it. */
export type Guard = (request: IncomingMessage, path: string, known?: boolean) => void;

/**
 * Decides who may ask. On loopback a foreign `Host` is refused, because a web page whose name was pointed at
 * 127.0.0.1 (DNS rebinding) would send one, and so is a foreign `Origin`, which pages send when they post
 * across sites. `GET /` and `GET /health` say only that the server lives and need no token.
 */
export function createGuard({ host, token, open = saysThatItLives }: GuardOptions): Guard {
  const local = isLoopback(host);
  // Nearly all requests name the same host.
  let lastHost: string | undefined;
  return (request, path, known = false) => {
    if (local) {
      const named = request.headers.host;
      if (named === undefined || named !== lastHost) {
        if (!isLoopback(hostName(named ?? ''))) {
          throw new HttpError(421, { detail: 'This server answers to loopback host names only' });
        }
        lastHost = named;
      }
      const origin = request.headers.origin;
      if (origin !== undefined && !isLoopback(originName(origin))) {
        throw new HttpError(403, { detail: 'Requests from web pages of other sites are refused' });
      }
    }
    if (token === null || known || (request.method === 'GET' && open(path))) return;
    if (!sameSecret(givenToken(request), token)) {
      throw new HttpError(
        401,
        { detail: 'A token is needed: send the configured server_token as "Authorization: Bearer <token>"' },
        { 'www-authenticate': 'Bearer' },
      );
    }
  };
}

function saysThatItLives(path: string): boolean {
  return path === '/' || path === '/health';
}

/** `localhost:8000` → `localhost`, `[::1]:80` → `[::1]`. */
function hostName(header: string): string {
  return header.startsWith('[') ? header.slice(0, header.indexOf(']') + 1) : (header.split(':', 1)[0] ?? '');
}

function originName(origin: string): string {
  try {
    return new URL(origin).hostname;
  } catch {
    return '';
  }
}

/** What a request has as its token; empty for none. */
export function givenToken(request: IncomingMessage): string {
  const bearer = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
  const key = request.headers['x-api-key'];
  return bearer ?? (typeof key === 'string' ? key : '');
}

/** Compares digests, so that neither content nor length of the secret shows in the time taken. */
function sameSecret(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
