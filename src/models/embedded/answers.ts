import type { Json, JsonObject } from '../../protocol/index.js';
import { isObject } from '../../protocol/index.js';
import type { RecordingEntry } from '../../transport/index.js';
import { canonicalJson, describeDifference, nearestRequest, replyText } from '../../transport/index.js';

export interface EmbeddedReply {
  status: number;
  text: string;
}

/** Answers a request body from recorded ones. */
export type Answers = (request: JsonObject) => EmbeddedReply;

/** The part of a request that an answer belongs to: the conversation. Sampling settings do not matter here. */
function conversation(request: Json): Json {
  return isObject(request) ? (request['messages'] ?? request['input'] ?? null) : null;
}

/**
 * Recorded answers by conversation. Where one conversation has several, they are given in turn, so that repeats
 * differ; a conversation that was never recorded is answered 404 with the nearest one.
 */
export function answerFrom(entries: readonly RecordingEntry[], source: string): Answers {
  const byConversation = new Map<string, { entries: RecordingEntry[]; asked: number }>();
  for (const entry of entries) {
    const key = canonicalJson(conversation(entry.request));
    const found = byConversation.get(key) ?? { entries: [], asked: 0 };
    found.entries.push(entry);
    byConversation.set(key, found);
  }
  return (request) => {
    const asked = conversation(request);
    const found = byConversation.get(canonicalJson(asked));
    if (found === undefined) return unknown(asked, entries, source);
    const entry = found.entries[found.asked++ % found.entries.length]!;
    return { status: entry.status, text: replyText(entry) };
  };
}

function unknown(asked: Json, entries: readonly RecordingEntry[], source: string): EmbeddedReply {
  const nearest = nearestRequest(
    asked,
    entries.map((entry) => ({ request: conversation(entry.request) })),
  );
  const [first, ...rest] = nearest?.differences ?? [];
  const more = rest.length === 0 ? '' : ` (and ${rest.length} more differences)`;
  const hint = first === undefined ? 'nothing is recorded' : `nearest: ${describeDifference(first)}${more}`;
  const error = {
    message: `No recorded answer for this prompt in ${source}; ${hint}.`,
    type: 'invalid_request_error',
    param: 'messages',
    code: 'prompt_not_recorded',
  };
  return { status: 404, text: JSON.stringify({ error }) };
}
