import { open, type FileHandle } from 'node:fs/promises';
import { errors } from '../../errors/index.js';
import { placed } from '../../files/index.js';

/** A line of a file that is not blank, and where it is: enough to read it again later. */
export interface StoredLine {
  text: string;
  /** From 1. */
  number: number;
  /** Bytes before the line. */
  offset: number;
  /** Bytes of the line without its end. */
  length: number;
}

const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 10;

/** Opens a file for reading; `what` names it in the error when it is not there. */
export async function openStored(file: string, what: string): Promise<FileHandle> {
  try {
    return await open(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw errors.reportFileNotFound(file, what);
    throw error;
  }
}

/** Reads a file's lines; blank ones are left out. Memory is a chunk and a line. */
export async function* storedLines(file: string, what: string): AsyncGenerator<StoredLine, void, void> {
  const handle = await openStored(file, what);
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let rest: Buffer[] = [];
    let number = 0;
    let offset = 0;
    const make = (tail: Buffer): StoredLine => {
      const bytes = rest.length === 0 ? tail : Buffer.concat([...rest, tail]);
      rest = [];
      const line = { text: bytes.toString('utf8'), number: ++number, offset, length: bytes.length };
      offset += bytes.length + 1;
      return line;
    };
    for (;;) {
      const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, null);
      if (bytesRead === 0) break;
      const read = chunk.subarray(0, bytesRead);
      let from = 0;
      for (let at = read.indexOf(NEWLINE); at !== -1; at = read.indexOf(NEWLINE, from)) {
        const line = make(read.subarray(from, at));
        from = at + 1;
        if (line.text.trim() !== '') yield line;
      }
      if (from < bytesRead) rest.push(Buffer.from(read.subarray(from)));
    }
    if (rest.length > 0) {
      const line = make(Buffer.alloc(0));
      if (line.text.trim() !== '') yield line;
    }
  } catch (error) {
    throw placed(error, file);
  } finally {
    await handle.close();
  }
}

/** The text of a line read before. */
export async function rereadLine(
  handle: FileHandle,
  { offset, length }: { offset: number; length: number },
): Promise<string> {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw new Error('a stored file became shorter while it was read');
    done += bytesRead;
  }
  return bytes.toString('utf8');
}
