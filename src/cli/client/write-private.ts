import { open, rename } from 'node:fs/promises';

/** A file that only its owner can read, there only when it is whole. */
export async function writePrivate(file: string, text: string): Promise<void> {
  const handle = await open(`${file}.partial`, 'w', 0o600);
  try {
    await handle.chmod(0o600);
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.partial`, file);
}
