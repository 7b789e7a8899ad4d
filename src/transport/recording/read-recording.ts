import { readFile } from 'node:fs/promises';
import { errors } from '../../errors/index.js';
import type { RecordingEntry } from './entry.js';
import { parseEntry } from './entry.js';

/** Every exchange of a recording file. Throws NgError with file and line for what cannot be read. */
export async function readRecording(file: string): Promise<RecordingEntry[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw errors.recordingUnreadable(file, undefined, (error as Error).message);
  }
  const entries: RecordingEntry[] = [];
  const lines = text.split('\n');
  lines.forEach((line, i) => {
    if (line.trim() === '') return;
    try {
      entries.push(parseEntry(line));
    } catch (error) {
      // A run that was killed while recording leaves half a line at the end.
      if (i === lines.length - 1) return;
      throw errors.recordingUnreadable(file, i + 1, (error as Error).message);
    }
  });
  return entries;
}
