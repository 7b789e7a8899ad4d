import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { Clock, Json } from '../../protocol/index.js';
import { CallFailure, isObject } from '../../protocol/index.js';
import type { Redactor } from '../redactor.js';
import type { ReplyInfo, Step } from '../wire.js';
import type { RecordingEntry } from './entry.js';
import { RECORDING_FORMAT, storedReply } from './entry.js';
import type { Identity } from './identity.js';
import { identifier } from './identity.js';
import { makeFolder } from '../../files/index.js';

export interface Tape {
  /** Goes outermost around every exchange of every model. */
  readonly step: Step;
  /** Waits until everything is written. */
  close(): Promise<void>;
}

interface RecordOptions {
  clock: Clock;
  redactor: Redactor;
}

/**
 * Appends every exchange to a file, one JSON line each, with secrets removed by value. What was recorded before
 * stays; of two recordings of the same request the later one counts.
 */
export async function recordTo(file: string, options: RecordOptions): Promise<Tape> {
  await makeFolder(path.dirname(path.resolve(file)));
  const writer = lineWriter(await open(file, 'a+'));
  await writer.repair();
  return { step: recordStep(options, (line) => writer.write(line)), close: () => writer.close() };
}

function recordStep({ clock, redactor }: RecordOptions, write: (line: string) => Promise<void>): Step {
  const identify = identifier(redactor);
  return (next) => async (request, call) => {
    const identity = identify(request, call);
    const startedAt = clock.now();
    const before = call.attempts.length;
    const save = (outcome: Partial<RecordingEntry> & Pick<RecordingEntry, 'status'>): Promise<void> => {
      const attempts = call.attempts.slice(before);
      const latency_ms = clock.now() - startedAt;
      const recorded_at = startedAt + latency_ms;
      const entry = entryOf(identity, request.model, { latency_ms, recorded_at, ...outcome, attempts });
      return write(redactor.content(JSON.stringify(entry)));
    };
    try {
      const reply = await next(request, call);
      await save({
        status: reply.status,
        recorded_at: reply.receivedAt,
        ...storedReply(reply.text),
        ...usageOf(reply),
      });
      return reply;
    } catch (error) {
      if (error instanceof CallFailure && error.kind !== 'episode_timeout') {
        const failure = { kind: error.kind, message: error.message, retryable: error.retryable };
        await save({ status: error.details.status ?? 0, failure });
      }
      throw error;
    }
  };
}

function entryOf(
  identity: Identity,
  model: string,
  rest: Omit<RecordingEntry, keyof Identity | 'format' | 'model'>,
): RecordingEntry {
  const { request, ...where } = identity;
  return { format: RECORDING_FORMAT, ...where, model, request, ...rest };
}

function usageOf({ text }: ReplyInfo): { usage?: Json } {
  try {
    const body = JSON.parse(text) as unknown;
    return isObject(body) && isObject(body['usage']) ? { usage: body['usage'] } : {};
  } catch {
    return {};
  }
}

/** Whole lines in the order of their coming, one write at a time. */
function lineWriter(file: FileHandle): {
  repair(): Promise<void>;
  write(line: string): Promise<void>;
  close(): Promise<void>;
} {
  let last: Promise<unknown> = Promise.resolve();
  return {
    /** Ends a line that a killed run left half written, so that the next one begins afresh. */
    async repair() {
      const { size } = await file.stat();
      if (size === 0) return;
      const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
      if (buffer[0] !== 0x0a) await file.appendFile('\n');
    },
    write(line) {
      const done = last.then(() => file.appendFile(`${line}\n`));
      last = done.catch(() => undefined);
      return done;
    },
    async close() {
      await last;
      await file.close();
    },
  };
}
