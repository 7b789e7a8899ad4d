import type { FileHandle } from 'node:fs/promises';
import type { StoredTask } from './tasks.js';
import { toTask } from './tasks.js';

/** A file of planned rollouts that is still being written. */
export interface Growth {
  /** Whole lines that can be read. Unit: bytes. */
  readonly bytes: number;
  /** Nothing comes after these bytes. */
  readonly done: boolean;
  /** Resolves when one of the two has changed. */
  change(): Promise<void>;
}

const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 10;

/** The planned rollouts of a growing file in order, each as soon as it can be read. Memory: a chunk and a line. */
export async function* growingTasks(
  handle: FileHandle,
  growth: Growth,
): AsyncGenerator<StoredTask, void, void> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let rest = Buffer.alloc(0);
  for (let offset = 0; ;) {
    while (offset === growth.bytes && !growth.done) await growth.change();
    const { bytesRead } = await handle.read(chunk, 0, Math.min(CHUNK_BYTES, growth.bytes - offset), offset);
    if (bytesRead === 0) return;
    offset += bytesRead;
    const read = chunk.subarray(0, bytesRead);
    let from = 0;
    for (let at = read.indexOf(NEWLINE); at !== -1; at = read.indexOf(NEWLINE, from)) {
      const line = rest.length === 0 ? read.subarray(from, at) : Buffer.concat([rest, read.subarray(0, at)]);
      rest = Buffer.alloc(0);
      from = at + 1;
      yield toTask(line.toString('utf8'));
    }
    // Copied: the next read fills the same chunk.
    rest = Buffer.concat([rest, read.subarray(from)]);
  }
}
