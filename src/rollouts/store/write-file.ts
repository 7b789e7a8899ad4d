import { open, rename } from 'node:fs/promises';

/** Writes a whole file so that it is either there, complete and on disk, or not there. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const partial = `${file}.partial`;
  const handle = await open(partial, 'w');
  try {
    await handle.writeFile(text);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(partial, file);
}
