import { createWriteStream, existsSync, renameSync, statSync } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

export interface LogOptions {
  /** Appended to; null: only the last lines are kept, in memory. Its folder exists. */
  file: string | null;
  /** What is written of a line: secrets are removed here. Default: all of it. */
  clean?: (line: string) => string;
}

/** Lines that are kept for messages. */
const TAIL_LINES = 30;
/** Characters of a line; the rest of it is left out. */
const LINE_CHARACTERS = 8_192;
/** A log that has grown to this is set aside as `<file>.1`, which replaces the former one. Unit: bytes. */
const FILE_BYTES = 32 * 1024 * 1024;

/** What the lives of one child print, line by line: to a file, and the last lines for messages. */
export class Log {
  private readonly last: string[] = [];
  private stream: WriteStream | undefined;
  private bytes = 0;

  constructor(private readonly options: LogOptions) {}

  get file(): string | null {
    return this.options.file;
  }

  /** The last lines, oldest first, without empty ones. */
  tail(count = TAIL_LINES): string[] {
    return this.last.slice(-count);
  }

  line(text: string): void {
    const clean = (this.options.clean ?? ((line: string) => line))(text.slice(0, LINE_CHARACTERS));
    if (clean.trim() !== '') {
      this.last.push(clean);
      if (this.last.length > TAIL_LINES) this.last.shift();
    }
    this.write(`${clean}\n`);
  }

  /** Takes what a stream brings, until it ends. */
  follow(source: NodeJS.ReadableStream): void {
    const decoder = new StringDecoder('utf8');
    let rest = '';
    const take = (text: string): void => {
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop()!;
      // A line without an end does not grow for ever.
      if (rest.length > LINE_CHARACTERS) lines.push(rest.slice(0, LINE_CHARACTERS));
      if (rest.length > LINE_CHARACTERS) rest = '';
      for (const line of lines) this.line(line);
    };
    source.on('data', (chunk: Buffer) => take(decoder.write(chunk)));
    source.on('error', () => undefined);
    source.on('end', () => {
      take(decoder.end());
      if (rest !== '') this.line(rest);
      rest = '';
    });
  }

  /** Resolves when everything is in the file. */
  close(): Promise<void> {
    const { stream } = this;
    this.stream = undefined;
    return stream === undefined ? Promise.resolve() : new Promise((resolve) => stream.end(() => resolve()));
  }

  private write(text: string): void {
    const { file } = this.options;
    if (file === null) return;
    if (this.bytes >= FILE_BYTES) this.setAside(file);
    if (this.stream === undefined) {
      this.bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
      this.stream = createWriteStream(file, { flags: 'a' });
      // A log that cannot be written is no reason to stop what it is about.
      this.stream.on('error', () => undefined);
    }
    this.bytes += Buffer.byteLength(text);
    this.stream.write(text);
  }

  private setAside(file: string): void {
    this.stream?.end();
    this.stream = undefined;
    this.bytes = 0;
    if (existsSync(file)) renameSync(file, `${file}.1`);
  }
}
