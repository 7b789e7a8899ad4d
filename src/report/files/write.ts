import { open, rename, rm } from 'node:fs/promises';

const FLUSH_CHARACTERS = 256 * 1024;

/**
 * Writes a file in pieces and puts it in its place only when it is whole: a reader never sees half a report.
 * Memory is a few hundred kilobytes whatever the size.
 */
export async function writeWhole(
  file: string,
  pieces: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  const partial = `${file}.partial`;
  const handle = await open(partial, 'w');
  try {
    let pending = '';
    for await (const piece of pieces) {
      pending += piece;
      if (pending.length < FLUSH_CHARACTERS) continue;
      await handle.write(pending);
      pending = '';
    }
    await handle.write(pending);
    await handle.close();
    await rename(partial, file);
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(partial, { force: true });
    throw error;
  }
}
