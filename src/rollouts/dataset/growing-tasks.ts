import type { FileHandle } from 'node:fs/promises';
import { LineSplitter } from '../../files/index.js';
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

/** The planned rollouts of a growing file in order, each as soon as it can be read. Memory: a chunk and a line. */
export async function* growingTasks(
  handle: FileHandle,
  growth: Growth,
): AsyncGenerator<StoredTask, void, void> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  const splitter = new LineSplitter();
  for (let offset = 0; ;) {
    while (offset === growth.bytes && !growth.done) await growth.change();
    const { bytesRead } = await handle.read(chunk, 0, Math.min(CHUNK_BYTES, growth.bytes - offset), offset);
    if (bytesRead === 0) return;
    offset += bytesRead;
    for (const { bytes } of splitter.push(chunk.subarray(0, bytesRead))) yield toTask(bytes.toString('utf8'));
  }
}
