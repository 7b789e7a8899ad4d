import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { errors } from '../../errors/index.js';
import type { PlacedLine } from '../../files/index.js';
import { lineGroups } from '../../files/index.js';
import type { RecordingEntry } from './entry.js';
import { parseEntry } from './entry.js';
import type { Identity } from './identity.js';

/** A recording on disk; only places of lines are held in memory. */
export interface RecordingIndex {
  find(identity: Identity): Promise<RecordingEntry | undefined>;
  /** The repeats for which a request was recorded, ascending. */
  repeatsOf(key: string): number[];
  /** Every entry, in file order. */
  entries(): AsyncIterable<RecordingEntry>;
  close(): Promise<void>;
}

interface Place {
  repeat: number;
  ordinal: number;
  episode: string | undefined;
  at: number;
  bytes: number;
}

/** Reads a recording once and remembers where each exchange is. Throws NgError for a file that cannot be read. */
export async function indexRecording(path: string): Promise<RecordingIndex> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw errors.recordingUnreadable(path, undefined, (error as Error).message);
  });
  const places = new Map<string, Place[]>();
  for await (const [entry, line] of entriesOf(file, path)) {
    const list = places.get(entry.key) ?? [];
    list.push({
      repeat: entry.repeat,
      ordinal: entry.ordinal,
      episode: entry.episode,
      at: line.offset,
      bytes: line.bytes.length,
    });
    places.set(entry.key, list);
  }

  async function read({ at, bytes }: Place): Promise<RecordingEntry> {
    const { buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, at);
    return parseEntry(buffer.toString());
  }

  return {
    async find({ key, repeat, ordinal, episode }) {
      const fitting = (places.get(key) ?? []).filter(
        (place) => place.repeat === repeat && place.ordinal === ordinal,
      );
      // Two tasks may ask the same; each gets what it got, and a task that was not there gets the latest.
      const place = fitting.findLast((candidate) => candidate.episode === episode) ?? fitting.at(-1);
      return place === undefined ? undefined : read(place);
    },
    repeatsOf: (key) =>
      [...new Set((places.get(key) ?? []).map(({ repeat }) => repeat))].sort((a, b) => a - b),
    async *entries() {
      for await (const [entry] of entriesOf(file, path)) yield entry;
    },
    close: () => file.close(),
  };
}

async function* entriesOf(file: FileHandle, path: string): AsyncGenerator<[RecordingEntry, PlacedLine]> {
  for await (const group of lineGroups(file, 0)) {
    for (const line of group) {
      const entry = entryAt(line, path);
      if (entry !== undefined) yield [entry, line];
    }
  }
}

/** A line's entry; undefined for a blank line and for half a line left by a killed run. */
function entryAt({ bytes, number }: PlacedLine, path: string): RecordingEntry | undefined {
  const text = bytes.toString();
  if (text.trim() === '') return undefined;
  try {
    return parseEntry(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw errors.recordingUnreadable(path, number, (error as Error).message);
  }
}
