import { fdatasync, write } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open, stat } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Forces what was written to disk. */
export type Sync = (fd: number) => Promise<void>;

const toDisk: Sync = promisify(fdatasync);
const TAIL_BYTES = 64 * 1024;
const NEWLINE = 10;

/** The position just after the last newline before `size`; 0 when there is none. */
async function lastLineEnd(handle: FileHandle, size: number): Promise<number> {
  const buffer = Buffer.allocUnsafe(TAIL_BYTES);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - TAIL_BYTES);
    const { bytesRead } = await handle.read(buffer, 0, end - start, start);
    const at = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}

/** Cuts a half-written last line off. Returns the number of bytes dropped. A missing file is created. */
export async function repairTail(file: string): Promise<number> {
  const handle = await open(file, 'a+');
  try {
    const { size } = await handle.stat();
    const end = await lastLineEnd(handle, size);
    if (end < size) {
      await handle.truncate(end);
      await handle.datasync();
    }
    return size - end;
  } finally {
    await handle.close();
  }
}

const REASONS: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file may not grow any further',
  EROFS: 'the file system is read-only',
};

/** A line could not be stored. */
export class JournalError extends Error {
  override readonly name = 'JournalError';

  constructor(file: string, cause: NodeJS.ErrnoException) {
    super(`cannot write ${file}: ${REASONS[cause.code ?? ''] ?? cause.message}`, { cause });
  }
}

interface Waiting {
  text: string;
  done: () => void;
  fail: (error: Error) => void;
}

/** Time between two forced writes to disk; what a power cut can cost. Unit: milliseconds. */
export const SYNC_INTERVAL_MS = 1000;

/**
 * Appends whole lines to a file. Lines that arrive while a write is under way go out together in the next one,
 * so a slow disk slows its callers down and never piles up memory. A promise that resolves means that the
 * operating system has the line (a killed process cannot lose it); the disk has it at most
 * {@link SYNC_INTERVAL_MS} later (a power cut can lose that much) and after `close`.
 */
export class AppendFile {
  private waiting: Waiting[] = [];
  private writing: Promise<void> | null = null;
  private failure: Error | null = null;
  private unsynced = false;
  private syncing: Promise<void> | null = null;
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly file: string,
    private readonly handle: FileHandle,
    private end: number,
    private readonly force: Sync,
  ) {
    this.timer = setInterval(() => void this.sync().catch(() => undefined), SYNC_INTERVAL_MS);
    this.timer.unref();
  }

  /** `file` must end with a whole line: see {@link repairTail}. */
  static async open(file: string, force: Sync = toDisk): Promise<AppendFile> {
    const handle = await open(file, 'a');
    return new AppendFile(file, handle, (await handle.stat()).size, force);
  }

  /** False when the file was deleted or replaced since it was opened: what is written then, nobody will find. */
  async inPlace(): Promise<boolean> {
    const [mine, there] = await Promise.all([this.handle.stat(), stat(this.file).catch(() => null)]);
    return there !== null && there.ino === mine.ino && there.dev === mine.dev;
  }

  /** `line` has no newline. Rejects with {@link JournalError} when the line is not stored, and ever after: a file is not written past a gap. */
  append(line: string): Promise<void> {
    if (this.failure !== null) return Promise.reject(this.failure);
    return new Promise((done, fail) => {
      this.waiting.push({ text: `${line}\n`, done, fail });
      this.writing ??= this.drain();
    });
  }

  /** Waits for what is under way, forces it to disk and closes the file. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    try {
      await this.writing;
      await this.syncing;
      await this.sync();
    } finally {
      await this.handle.close();
    }
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      try {
        if (this.failure !== null) throw this.failure;
        await this.writeWhole(Buffer.from(batch.map(({ text }) => text).join('')));
        for (const { done } of batch) done();
      } catch (error) {
        this.failure ??= new JournalError(this.file, error as NodeJS.ErrnoException);
        for (const { fail } of batch) fail(this.failure);
      }
    }
    this.writing = null;
  }

  private async writeWhole(bytes: Buffer): Promise<void> {
    try {
      for (let from = 0; from < bytes.length;) from += await this.writeSome(bytes, from);
      this.end += bytes.length;
      this.unsynced = true;
    } catch (error) {
      // A disk that is full takes a part of the line: give the part back, so that the file ends whole.
      await this.handle.truncate(this.end).catch(() => undefined);
      throw error;
    }
  }

  private writeSome(bytes: Buffer, from: number): Promise<number> {
    return new Promise((resolve, reject) => {
      write(this.handle.fd, bytes, from, bytes.length - from, null, (error, written) => {
        if (error === null) resolve(written);
        else reject(error);
      });
    });
  }

  private async sync(): Promise<void> {
    if (!this.unsynced || this.syncing !== null) return;
    this.unsynced = false;
    this.syncing = this.force(this.handle.fd);
    try {
      await this.syncing;
    } catch (error) {
      this.failure ??= new JournalError(this.file, error as NodeJS.ErrnoException);
      throw this.failure;
    } finally {
      this.syncing = null;
    }
  }
}
