import { hash } from 'node:crypto';
import type { Call, NewId } from '../protocol/index.js';

/**
 * Ids of a translated reply: a function of the episode, the place of the call in it and the reply's bytes.
 * Unique like random ones, and the same again when the reply is replayed.
 */
export function replyIds(call: Call, text: string): NewId {
  const ordinal = call.attempts.reduce((count, { result }) => count + (result === 'ok' ? 1 : 0), 0);
  const seed = hash('sha512', `${call.episodeId}\n${ordinal}\n${text}`);
  let next = 0;
  return (prefix) => {
    // The seed holds four ids of 32 digits; most replies need no more, and each further hash costs as much.
    const at = 32 * next++;
    if (at < seed.length) return prefix + seed.slice(at, at + 32);
    return prefix + hash('sha256', `${seed}\n${at}`).slice(0, 32);
  };
}
