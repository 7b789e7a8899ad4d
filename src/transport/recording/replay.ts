import { CallFailure } from '../../protocol/index.js';
import type { Redactor } from '../redactor.js';
import { replyJson } from '../reply-json.js';
import type { Step, WireReply, WireRequest } from '../wire.js';
import { describe, nearestRequest } from './difference.js';
import type { RecordingEntry } from './entry.js';
import { replyText } from './entry.js';
import type { Identity } from './identity.js';
import { identifier } from './identity.js';
import type { RecordingIndex } from './index-file.js';
import { indexRecording } from './index-file.js';
import type { Tape } from './record.js';

/**
 * Answers every exchange from a recording and nothing from the network. Strict: what was not recorded for this
 * repeat fails as `replay_miss` with the nearest recording and what differs from it.
 */
export async function replayFrom(file: string, redactor: Redactor): Promise<Tape> {
  const index = await indexRecording(file);
  const identify = identifier(redactor);
  const step: Step = () => async (request, call) => {
    call.onPhase('receiving', 'replay');
    const identity = identify(request, call);
    const entry = await index.find(identity);
    call.signal.throwIfAborted();
    if (entry === undefined) throw await miss(identity, index, file);
    try {
      return replyOf(entry, request);
    } finally {
      // After the reading, as it was: ids depend on how many attempts went well before.
      call.attempts.push(...(entry.attempts ?? []));
    }
  };
  return { step: Object.assign(step, { replays: true }), close: () => index.close() };
}

function replyOf<T>(entry: RecordingEntry, request: WireRequest<T>): WireReply<T> {
  if (entry.failure !== undefined) {
    const { kind, message, retryable } = entry.failure;
    throw new CallFailure(kind, message, { retryable, ...(entry.status > 0 && { status: entry.status }) });
  }
  const text = replyText(entry);
  const info = { status: entry.status, headers: {}, text, receivedAt: entry.recorded_at };
  return { ...info, value: request.read(replyJson(text, request.url, entry.status), info) };
}

/** At most this many differences are shown. */
const SHOWN = 5;

async function miss(asked: Identity, index: RecordingIndex, file: string): Promise<CallFailure> {
  const lines = [`No recording of this request in ${file}.`];
  const repeats = index.repeatsOf(asked.key);
  if (repeats.length > 0) {
    lines.push(
      `The request itself is recorded, but not for repeat ${asked.repeat} (time ${asked.ordinal + 1} in the episode);`,
      `recorded repeats: ${repeats.join(', ')}. Record with at least as many repeats as are replayed.`,
    );
  } else {
    lines.push(...(await nearest(asked, index)));
  }
  return new CallFailure('replay_miss', lines.join(' '), { retryable: true });
}

async function nearest(asked: Identity, index: RecordingIndex): Promise<string[]> {
  let best: { entry: RecordingEntry; lines: string[]; distance: number } | undefined;
  for await (const entry of index.entries()) {
    if (entry.endpoint !== asked.endpoint) continue;
    const found = nearestRequest(asked.request, [{ request: entry.request }])!;
    if (best === undefined || found.distance < best.distance) {
      best = { entry, lines: found.differences.map(describe), distance: found.distance };
    }
  }
  if (best === undefined) return [`Nothing is recorded for ${asked.endpoint}.`];
  const { entry, lines } = best;
  const more = lines.length > SHOWN ? ` and ${lines.length - SHOWN} more.` : '.';
  return [
    `Nearest: ${entry.episode ?? entry.key}, which differs in ${lines.slice(0, SHOWN).join('; ')}${more}`,
  ];
}
