import type { FileHandle } from 'node:fs/promises';

/** A line without its `\n`, and where it stands. */
export interface PlacedLine {
  /** Only until the next piece of the file is read. */
  bytes: Buffer;
  /** From 1. */
  number: number;
  /** Bytes between where reading began and the line. */
  offset: number;
  /** False for a last line without a newline. */
  terminated: boolean;
}

const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 10;
const NOTHING = Buffer.alloc(0);

/** Cuts what is read of a file, piece by piece, into lines. Memory is a piece and a line. */
export class LineSplitter {
  /** The beginning of a line whose end has not been read. */
  #rest: Buffer[] = [];
  #number = 0;
  #offset = 0;

  /** The lines that end in this piece. To be taken to the last before the next piece. */
  *push(read: Buffer): Generator<PlacedLine, void, void> {
    let from = 0;
    for (let at = read.indexOf(NEWLINE); at !== -1; at = read.indexOf(NEWLINE, from)) {
      const tail = read.subarray(from, at);
      from = at + 1;
      yield this.#line(tail, true);
    }
    // Copied: the next read fills the same memory.
    if (from < read.length) this.#rest.push(Buffer.from(read.subarray(from)));
  }

  /** What is left at the end of the file: a line without a newline. */
  *end(): Generator<PlacedLine, void, void> {
    if (this.#rest.length > 0) yield this.#line(NOTHING, false);
  }

  #line(tail: Buffer, terminated: boolean): PlacedLine {
    const bytes = this.#rest.length === 0 ? tail : Buffer.concat([...this.#rest, tail]);
    this.#rest = [];
    this.#number += 1;
    const line = { bytes, number: this.#number, offset: this.#offset, terminated };
    this.#offset += bytes.length + 1;
    return line;
  }
}

/**
 * The lines of an open file in groups: as many as a piece of it holds. From `start`, or else from where the handle
 * stands, which a pipe can do as well.
 */
export async function* lineGroups(
  handle: FileHandle,
  start: number | null = null,
): AsyncGenerator<Iterable<PlacedLine>, void, void> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  const splitter = new LineSplitter();
  for (let done = 0; ;) {
    const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, start === null ? null : start + done);
    if (bytesRead === 0) break;
    done += bytesRead;
    yield splitter.push(chunk.subarray(0, bytesRead));
  }
  yield splitter.end();
}
