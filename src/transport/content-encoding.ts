import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { pipeline, type Duplex } from 'node:stream';
import type { HeaderFields } from '../protocol/index.js';
import { CallFailure, header } from '../protocol/index.js';

/** Takes the bytes of a body as they were before they were compressed. */
interface DecodedSink {
  chunk(bytes: Buffer): void;
  end(): void;
  fail(failure: CallFailure): void;
}

/** Undoes the compression of a body on its way. */
export interface Decoder {
  write(bytes: Buffer): void;
  /** The last byte has come; the sink's `end` or `fail` follows. */
  end(): void;
  pause(): void;
  resume(): void;
  /** Nobody wants the rest. */
  destroy(): void;
}

const DECODERS: Readonly<Record<string, () => Duplex>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/**
 * A decoder for a reply whose server compressed it, which some do unasked; undefined for a plain body. Throws
 * `garbage_reply` for a compression that is not known.
 */
export function decoderFor(headers: HeaderFields, url: string, sink: DecodedSink): Decoder | undefined {
  const told = header(headers, 'content-encoding');
  if (told === undefined) return undefined;
  const names = told
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  if (names.length === 0) return undefined;
  const steps = names.reverse().map((name) => DECODERS[name]?.());
  if (steps.length > MAX_STEPS || steps.includes(undefined)) {
    throw garbage(url, `it is compressed as "${names.reverse().join(', ')}", which is not understood`);
  }
  return connected(steps as Duplex[], url, sink);
}

/** More layers than any honest server has. */
const MAX_STEPS = 3;

function connected(steps: Duplex[], url: string, sink: DecodedSink): Decoder {
  const first = steps[0]!;
  const last = steps.at(-1)!;
  let over = false;
  const finish = (tell: () => void): void => {
    if (over) return;
    over = true;
    tell();
  };
  const broken = (error: Error): void =>
    finish(() => sink.fail(garbage(url, `it is not compressed as its headers say (${error.message})`)));
  last.on('data', (bytes: Buffer) => {
    if (!over) sink.chunk(bytes);
  });
  last.on('end', () => finish(() => sink.end()));
  if (steps.length === 1) last.on('error', broken);
  else pipeline(steps, (error) => (error == null ? undefined : broken(error)));
  return {
    write: (bytes) => void first.write(bytes),
    end: () => void first.end(),
    pause: () => void last.pause(),
    resume: () => void last.resume(),
    destroy: () => finish(() => steps.forEach((step) => step.destroy())),
  };
}

function garbage(url: string, problem: string): CallFailure {
  return new CallFailure('garbage_reply', `${new URL(url).origin}: the reply cannot be read: ${problem}.`, {
    retryable: true,
  });
}
