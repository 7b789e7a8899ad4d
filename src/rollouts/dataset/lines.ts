import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import { placed } from '../../files/index.js';

/** One line of a text file, without its end (`\n` or `\r\n`). */
export interface Line {
  text: string;
  /** From 1. */
  number: number;
  /** False for a last line without a newline. */
  terminated: boolean;
  /** False when the bytes are not UTF-8. */
  valid: boolean;
}

const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 10;

function toLine(bytes: Buffer, number: number, terminated: boolean): Line {
  const end = bytes.at(-1) === 13 ? bytes.length - 1 : bytes.length;
  const text = bytes.toString('utf8', 0, end);
  return { text, number, terminated, valid: !text.includes('\ufffd') || isUtf8(bytes) };
}

/** Reads a file line by line; memory is one chunk and one line. */
export async function* readLines(file: string): AsyncGenerator<Line, void, void> {
  const handle = await open(file, 'r');
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let rest: Buffer[] = [];
    let number = 0;
    for (;;) {
      const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, null);
      if (bytesRead === 0) break;
      let from = 0;
      for (let at; (at = chunk.indexOf(NEWLINE, from)) >= 0 && at < bytesRead; from = at + 1) {
        const tail = chunk.subarray(from, at);
        number += 1;
        yield toLine(rest.length === 0 ? tail : Buffer.concat([...rest, tail]), number, true);
        rest = [];
      }
      if (from < bytesRead) rest.push(Buffer.from(chunk.subarray(from, bytesRead)));
    }
    if (rest.length > 0) yield toLine(Buffer.concat(rest), number + 1, false);
  } catch (error) {
    throw placed(error, file);
  } finally {
    await handle.close();
  }
}
