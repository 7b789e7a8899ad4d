import { createHash } from 'node:crypto';
import type { Call, NewId } from '../protocol/index.js';

/**
 * Ids of a translated reply: a function of the episode, the place of the call in it and the reply's bytes.
 * Unique like random ones, and the same again when the reply is replayed.
 */
export function replyIds(call: Call, text: string): NewId {
  const ordinal = call.attempts.reduce((count, { result }) => count + (result === 'ok' ? 1 : 0), 0);
  const seed = createHash('sha256').update(`${call.episodeId}\n${ordinal}\n${text}`).digest();
  let next = 0;
  return (prefix) => {
    const digest = createHash('sha256').update(seed).update(String(next++)).digest('hex');
    return prefix + digest.slice(0, 32);
  };
}
