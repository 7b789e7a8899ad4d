import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { placed } from './placed.js';

const FLUSH_CHARACTERS = 256 * 1024;

/**
 * A file that appears only when it is whole and on disk: written under another name (`<file>.partial`), then renamed.
 * Memory is a few hundred kilobytes whatever the length.
 */
export class WholeFile {
  private pending = '';
  private bytes = 0;

  private constructor(
    private readonly file: string,
    private readonly handle: FileHandle,
  ) {}

  static async open(file: string): Promise<WholeFile> {
    return new WholeFile(file, await open(`${file}.partial`, 'w'));
  }

  /** Resolves at once unless enough has come together to be written. */
  async write(text: string): Promise<void> {
    this.pending += text;
    if (this.pending.length >= FLUSH_CHARACTERS) await this.flush();
  }

  /** Puts the file in its place. */
  async commit(): Promise<void> {
    await this.flush();
    await this.handle.datasync().catch((error: unknown) => Promise.reject(placed(error, this.file) as Error));
    await this.handle.close();
    await rename(`${this.file}.partial`, this.file);
  }

  /** Leaves nothing behind; harmless after {@link commit}. */
  async abandon(): Promise<void> {
    await this.handle.close().catch(() => undefined);
    await rm(`${this.file}.partial`, { force: true });
  }

  /** Hands what was written so far to the operating system. Returns the length of the file. Unit: bytes. */
  async flush(): Promise<number> {
    const bytes = Buffer.from(this.pending);
    this.pending = '';
    try {
      if (bytes.length > 0) await this.handle.appendFile(bytes);
    } catch (error) {
      throw placed(error, this.file);
    }
    this.bytes += bytes.length;
    return this.bytes;
  }
}

/** Writes a whole file in pieces: a reader never sees half of it. */
export async function writeWhole(
  file: string,
  pieces: string | Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  const whole = await WholeFile.open(file);
  try {
    if (typeof pieces === 'string') await whole.write(pieces);
    else for await (const piece of pieces) await whole.write(piece);
    await whole.commit();
  } catch (error) {
    await whole.abandon();
    throw error;
  }
}
