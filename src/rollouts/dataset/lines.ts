import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import { lineGroups, placed } from '../../files/index.js';

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

function toLine(bytes: Buffer, number: number, terminated: boolean): Line {
  const end = bytes.at(-1) === 13 ? bytes.length - 1 : bytes.length;
  const text = bytes.toString('utf8', 0, end);
  return { text, number, terminated, valid: !text.includes('\ufffd') || isUtf8(bytes) };
}

/** Reads a file line by line; memory is one chunk and one line. */
export async function* readLines(file: string): AsyncGenerator<Line, void, void> {
  const handle = await open(file, 'r');
  try {
    for await (const group of lineGroups(handle)) {
      for (const { bytes, number, terminated } of group) yield toLine(bytes, number, terminated);
    }
  } catch (error) {
    throw placed(error, file);
  } finally {
    await handle.close();
  }
}
