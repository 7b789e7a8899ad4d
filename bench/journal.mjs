// The journal's durability against its cost: our append file beside one write per line, without and with fsync.
import { mkdtempSync, openSync, closeSync, fdatasyncSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const LINE = JSON.stringify({ reward: 1, text: 'x'.repeat(4000) });
const CALLERS = 64;

/** Runs `body` and gives lines per second and CPU seconds per 1,000 lines. */
async function timed(name, lines, body) {
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  await body();
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const { user, system } = process.cpuUsage(cpu);
  const rate = Math.round(lines / seconds);
  const spent = ((user + system) / 1e6 / lines) * 1000;
  console.log(
    `${name.padEnd(38)} ${String(rate).padStart(9)} lines/s ${spent.toFixed(4).padStart(9)} CPU s/1000`,
  );
}

function oneByOne(file, lines, sync) {
  const fd = openSync(file, 'a');
  for (let i = 0; i < lines; i += 1) {
    writeSync(fd, `${LINE}\n`);
    if (sync) fdatasyncSync(fd);
  }
  closeSync(fd);
}

export async function run() {
  const root = path.resolve(import.meta.dirname, '..');
  const module = path.join(root, 'dist/rollouts/store/append-file.js');
  const { AppendFile } = await import(pathToFileURL(module).href);
  const folder = mkdtempSync(path.join(tmpdir(), 'ngym-journal-'));
  console.log(`${LINE.length + 1} bytes per line, ${CALLERS} callers at a time`);
  try {
    const lines = 20_000;
    const file = path.join(folder, 'ours');
    await timed('ours: whole lines, fsync each second', lines, async () => {
      const journal = await AppendFile.open(file);
      const caller = async () => {
        for (let i = 0; i < lines / CALLERS; i += 1) await journal.append(LINE);
      };
      await Promise.all(Array.from({ length: CALLERS }, caller));
      await journal.close();
    });
    if (statSync(file).size < Math.floor(lines / CALLERS) * CALLERS * LINE.length)
      throw new Error('lines are missing');
    await timed('one write per line, no fsync', lines, async () =>
      oneByOne(path.join(folder, 'plain'), lines, false),
    );
    const few = 500;
    await timed('one write and one fsync per line', few, async () =>
      oneByOne(path.join(folder, 'sync'), few, true),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
