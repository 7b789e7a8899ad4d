import { createHash } from 'node:crypto';

/** An id that depends on its parts only, for things that need one in a request: the same request, the same bytes. */
export function stableId(prefix: string, ...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return prefix + hash.digest('hex').slice(0, 32);
}

/** A call id that a provider with a length limit accepts; the same id always gives the same one. */
export function shortCallId(id: string, max: number): string {
  if (max === 0 || id.length <= max) return id;
  return createHash('sha256').update(id).digest('hex').slice(0, Math.min(max, 40));
}
