import { createHash, randomBytes } from 'node:crypto';

/**
 * What a workspace's token is good for: `inference`: its gateway alone, with which no key can be read; `workspace`:
 * everything in it.
 */
export const SCOPES = ['inference', 'workspace'] as const;
export type Scope = (typeof SCOPES)[number];

/** By which it is known that a text is such a token, in logs and by scanners. */
const PREFIX = 'ngymws-';

/** 32 random bytes: a digest without salt gives nothing away. */
export function newToken(): string {
  return PREFIX + randomBytes(32).toString('base64url');
}

/** What is kept of a token. */
export function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
