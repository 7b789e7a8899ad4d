import type { Attempt, FailureKind, Json } from '../../protocol/index.js';
import { isObject } from '../../protocol/index.js';

/** Version of the file format, in every line. */
export const RECORDING_FORMAT = 'ngym-recording/1';

/** One exchange with a provider: a line of a recording file. */
export interface RecordingEntry {
  format: typeof RECORDING_FORMAT;
  /** Digest of endpoint and request in canonical form. */
  key: string;
  /** Which repeat of the task asked, from 0. */
  repeat: number;
  /** How many times the same episode had asked exactly this before, from 0. */
  ordinal: number;
  /** `<task index>-<rollout index>`, used to tell equal requests of different tasks apart. */
  episode?: string;
  /** Name of the server instance, e.g. `policy_model`. */
  model: string;
  /** The endpoint's path without host, e.g. `chat/completions`. */
  endpoint: string;
  /** The request in clear, secrets removed: for telling what differs on a miss. */
  request: Json;
  status: number;
  /** The reply: as JSON, or as raw text where JSON would not give the same bytes back. */
  body?: Json;
  text?: string;
  /** In place of a reply: how the call failed in the end. */
  failure?: { kind: FailureKind; message: string; retryable: boolean };
  usage?: Json;
  latency_ms: number;
  /** Epoch milliseconds of the reply's arrival. */
  recorded_at: number;
  /** Every try that led to it. */
  attempts?: Attempt[];
}

/** The reply's raw text. */
export function replyText(entry: Pick<RecordingEntry, 'body' | 'text'>): string {
  return entry.text ?? JSON.stringify(entry.body ?? null);
}

/** `body` or `text`, whichever gives the bytes back. */
export function storedReply(text: string): Pick<RecordingEntry, 'body' | 'text'> {
  try {
    const body = JSON.parse(text) as Json;
    return JSON.stringify(body) === text ? { body } : { text };
  } catch {
    return { text };
  }
}

/** One line of a recording file; throws a plain Error that says what is wrong. */
export function parseEntry(line: string): RecordingEntry {
  const value = JSON.parse(line) as unknown;
  if (!isObject(value)) throw new Error('not a JSON object');
  if (value['format'] !== RECORDING_FORMAT) {
    throw new Error(`"format" is ${JSON.stringify(value['format'])}, not "${RECORDING_FORMAT}"`);
  }
  for (const key of ['key', 'model', 'endpoint']) {
    if (typeof value[key] !== 'string') throw new Error(`"${key}" is missing`);
  }
  if (!isObject(value['request'])) throw new Error('"request" is missing');
  return value as unknown as RecordingEntry;
}
