import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lineGroups, LineSplitter, type PlacedLine } from '../../src/files/index.js';

interface Taken extends Omit<PlacedLine, 'bytes'> {
  text: string;
  length: number;
}

const taken = ({ bytes, ...line }: PlacedLine): Taken => ({
  ...line,
  text: bytes.toString('utf8'),
  length: bytes.length,
});

async function read(file: string, start?: number): Promise<Taken[]> {
  const handle = await open(file, 'r');
  try {
    const lines: Taken[] = [];
    for await (const group of lineGroups(handle, start)) for (const line of group) lines.push(taken(line));
    return lines;
  } finally {
    await handle.close();
  }
}

let folder = '';
beforeAll(() => void (folder = mkdtempSync(path.join(os.tmpdir(), 'ngym-lines-'))));
afterAll(() => rmSync(folder, { recursive: true }));

describe('lines', () => {
  it('are the same wherever the file is cut into pieces', () => {
    const texts = fc.array(fc.constantFrom('', 'a', 'bcd', 'é', '😀', '\r'), { maxLength: 12 });
    fc.assert(
      fc.property(texts, fc.boolean(), fc.array(fc.nat(40), { maxLength: 8 }), (words, ended, cuts) => {
        const text = words.join('\n') + (ended ? '\n' : '');
        const file = Buffer.from(text);
        const expected = text.split('\n');
        const whole = expected.length - 1;
        if (expected.at(-1) === '') expected.pop();
        const splitter = new LineSplitter();
        // One buffer for all pieces, as a file is read.
        const memory = Buffer.alloc(file.length);
        const lines: Taken[] = [];
        const ends = [...cuts.map((cut) => Math.min(cut, file.length)), file.length].sort((a, b) => a - b);
        ends.forEach((end, i) => {
          const piece = file.subarray(ends[i - 1] ?? 0, end);
          piece.copy(memory);
          for (const line of splitter.push(memory.subarray(0, piece.length))) lines.push(taken(line));
          memory.fill(0x2a);
        });
        for (const line of splitter.end()) lines.push(taken(line));
        expect(lines.map((line) => line.text)).toEqual(expected);
        lines.forEach(({ text: line, number, offset, length, terminated }, i) => {
          expect(file.toString('utf8', offset, offset + length)).toBe(line);
          expect({ number, terminated }).toEqual({ number: i + 1, terminated: i < whole });
        });
      }),
    );
  });

  it('longer than what is read at a time are whole', async () => {
    const file = path.join(folder, 'long');
    const long = 'x'.repeat(700_000);
    writeFileSync(file, `a\n${long}\n`);
    appendFileSync(file, `${long}y`);
    const lines = await read(file);
    expect(lines.map(({ text }) => text)).toEqual(['a', long, `${long}y`]);
    expect(lines.map(({ offset }) => offset)).toEqual([0, 2, 700_003]);
    expect(await read(file, 700_003)).toMatchObject([{ length: 700_001, terminated: false }]);
  });

  it('come from a pipe too', async () => {
    const pipe = path.join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const lines = read(pipe);
    const writer = await open(pipe, 'w');
    await writer.write('one\ntw');
    await writer.write('o\n');
    await writer.close();
    expect((await lines).map(({ text }) => text)).toEqual(['one', 'two']);
  });
});
