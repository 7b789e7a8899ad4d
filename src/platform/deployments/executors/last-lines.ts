import { open } from 'node:fs/promises';

/** Read from the end of a log at most. Unit: bytes. */
const MOST_BYTES = 4 * 1024 * 1024;

/** The last lines of a file, oldest first; none where there is no such file. */
export async function lastLines(file: string, count: number): Promise<string[]> {
  let handle;
  try {
    handle = await open(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - MOST_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    const lines = buffer.toString('utf8', 0, bytesRead).replace(/\n$/, '').split('\n');
    return (start > 0 ? lines.slice(1) : lines).slice(-count);
  } finally {
    await handle.close();
  }
}
