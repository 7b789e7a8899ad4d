import type { CallFailure, SseEvent } from '../protocol/index.js';
import type { CallEntry, Stop, UsageForm } from './form.js';

/**
 * The intermediate form of a stream. Readers keep these promises, writers rely on them: `start` comes first and
 * once; a block is opened before it grows and closed before the end, several may be open at a time; `usage` and
 * `stop` come before `end`; exactly one of `end` and `fail` comes, last.
 */
export type FlowEvent =
  | { type: 'start'; id?: string; model?: string; createdAt?: number; usage?: UsageForm | null }
  | { type: 'open'; block: number; of: BlockKind }
  | { type: 'delta'; block: number; text: string; logprobs?: unknown[] }
  /** More of the opaque signature of a reasoning block. */
  | { type: 'signature'; block: number; text: string }
  /** Fields that only one dialect has, for the block as a whole. */
  | { type: 'extra'; block: number; extra: Readonly<Record<string, unknown>> }
  /** The next delta starts another text of the same reasoning block. */
  | { type: 'next_text'; block: number }
  | { type: 'close'; block: number }
  /** A whole item that we do not model. */
  | { type: 'opaque'; itemType: string; value: Record<string, unknown> }
  | { type: 'usage'; usage: UsageForm }
  | { type: 'stop'; stop: Stop; stopSequence?: string }
  | { type: 'end' }
  | { type: 'fail'; failure: CallFailure };

export type BlockKind =
  | { kind: 'text' }
  | { kind: 'refusal' }
  | { kind: 'reasoning'; form: 'summary' | 'raw'; redacted?: boolean; id?: string }
  | { kind: 'call'; call: Omit<CallEntry, 'kind' | 'arguments'> };

export type FlowSink = (event: FlowEvent) => void;

/** Reads the events of one upstream dialect. Never throws for what the upstream sent: it emits `fail`. */
export interface StreamReader {
  /** One event of the upstream stream. */
  push(event: SseEvent): void;
  /** The upstream stream is over; cut off, unless its terminal event came before. */
  end(): void;
  /** The upstream has said why it stopped: only usage and the end marker are missing. */
  readonly finishing: boolean;
}

/** Writes the events of one client dialect. */
export interface StreamWriter {
  push(event: FlowEvent): void;
}

/** Largest arguments of one call, in UTF-16 code units. */
export const MAX_ARGUMENTS = 16 * 1024 * 1024;
