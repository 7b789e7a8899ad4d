import { open, type FileHandle } from 'node:fs/promises';
import { errors } from '../../errors/index.js';
import { lineGroups, placed } from '../../files/index.js';

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
    for await (const group of lineGroups(handle)) {
      for (const { bytes, number, offset } of group) {
        const text = bytes.toString('utf8');
        if (text.trim() !== '') yield { text, number, offset, length: bytes.length };
      }
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
