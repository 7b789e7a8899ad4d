import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { errors } from '../../errors/index.js';

interface Holder {
  pid: number;
  host: string;
  /** Epoch milliseconds. */
  since: number;
  /** Start time of the process as the operating system tells it, so that a reused number is noticed. */
  birth: string | null;
}

/** Field 22 of `/proc/<pid>/stat`; null where there is no such file. */
function birthOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const birth = birthOf(holder.pid);
  return birth === null || holder.birth === null || birth === holder.birth;
}

function parseHolder(text: string): Holder | null {
  try {
    const value = JSON.parse(text) as Partial<Holder> | null;
    return typeof value?.pid === 'number' && typeof value.host === 'string' ? (value as Holder) : null;
  } catch {
    return null;
  }
}

async function create(file: string, text: string): Promise<boolean> {
  // Written whole under another name first: a lock that can be seen always says who holds it.
  const draft = `${file}.${randomUUID()}`;
  const handle = await open(draft, 'w');
  try {
    await handle.writeFile(text);
  } finally {
    await handle.close();
  }
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Takes a dead process's lock away; when someone else was faster, theirs is put back. */
async function clearStale(file: string, stale: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) !== stale) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

/** The process that works on an output now, on this machine; null when none does. */
export async function lockHolder(output: string): Promise<number | null> {
  const text = await readFile(`${output}.lock`, 'utf8').catch(() => '');
  const holder = parseHolder(text);
  return holder !== null && holder.host === hostname() && isAlive(holder) ? holder.pid : null;
}

/**
 * Makes this process the only writer of an output: creates `<output>.lock`, and returns a function that removes
 * it. A lock whose process is dead is taken over. Throws `ROLLOUTS_OUTPUT_LOCKED` when another run holds it.
 */
export async function lockOutput(output: string, now: number): Promise<() => Promise<void>> {
  const file = `${output}.lock`;
  const holder: Holder = { pid: process.pid, host: hostname(), since: now, birth: birthOf(process.pid) };
  const text = `${JSON.stringify(holder)}\n`;
  for (let tries = 0; tries < 20; tries += 1) {
    if (await create(file, text)) return () => rm(file, { force: true });
    const stored = await readFile(file, 'utf8').catch(() => null);
    if (stored === null) continue;
    const other = parseHolder(stored);
    const sameHost = other === null || other.host === holder.host;
    if (other !== null && (!sameHost || isAlive(other))) {
      const since = new Date(other.since).toISOString();
      const who = `process ${other.pid} on ${other.host}, since ${since}`;
      throw errors.outputLocked(output, file, who, sameHost);
    }
    await clearStale(file, stored);
  }
  throw errors.outputLocked(output, file, 'several runs started at the same moment', true);
}
