import { createHash } from 'node:crypto';

/**
 * The engine of an episode: the first 8 bytes of the SHA-256 of its id, modulo the number of engines. All
 * calls of an episode meet the same prefix cache, also after a resume.
 */
export function engineOf(episodeId: string, engines: readonly string[]): string {
  if (engines.length === 1) return engines[0]!;
  const head = createHash('sha256').update(episodeId).digest().readBigUInt64BE(0);
  return engines[Number(head % BigInt(engines.length))]!;
}
