import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { link, open, readFile, rm, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { errors } from '../../errors/index.js';
import { masterKey, type MasterKey } from './envelope.js';

const run = promisify(execFile);
const COMMAND_MS = 30_000;

export interface KeySources {
  /** `NGYM_MASTER_KEY`: 32 bytes as base64 or 64 hexadecimal digits. */
  readonly value?: string | undefined;
  /** `NGYM_MASTER_KEY_COMMAND`: a program and its arguments, split at spaces, that prints such a key. */
  readonly command?: string | undefined;
  /** `NGYM_MASTER_KEY_FILE`, or the file beside the database, which is made when it is missing. */
  readonly file: string | null;
  readonly makeFile: boolean;
  /** `NGYM_MASTER_KEY_PREVIOUS`: keys that still open what they sealed, separated by commas. */
  readonly previous?: string | undefined;
}

/** The keys of the platform, the one that seals first. Throws NgError for one that cannot be had or is none. */
export async function readMasterKeys(sources: KeySources): Promise<readonly MasterKey[]> {
  const previous = (sources.previous ?? '').split(',').filter((text) => text.trim() !== '');
  const texts = [
    await current(sources),
    ...previous.map((text) => ({ text, from: 'NGYM_MASTER_KEY_PREVIOUS' })),
  ];
  return texts.map(({ text, from }) => {
    const key = parse(text.trim());
    if (key === null) throw errors.masterKeyInvalid(from);
    return masterKey(key);
  });
}

async function current(sources: KeySources): Promise<{ text: string; from: string }> {
  const { value, command, file, makeFile } = sources;
  if (value !== undefined && value !== '') return { text: value, from: 'NGYM_MASTER_KEY' };
  if (command !== undefined && command !== '')
    return { text: await printed(command), from: 'NGYM_MASTER_KEY_COMMAND' };
  if (file === null) return { text: randomBytes(32).toString('base64'), from: 'chance' };
  if (makeFile) await make(file);
  let mode: number;
  try {
    ({ mode } = await stat(file));
  } catch (error) {
    throw errors.masterKeyUnreadable(file, error);
  }
  if ((mode & 0o077) !== 0) throw errors.masterKeyOpen(file, mode & 0o777);
  return { text: await readFile(file, 'utf8'), from: file };
}

async function printed(command: string): Promise<string> {
  const [program = '', ...words] = command.split(' ').filter((word) => word !== '');
  try {
    return (await run(program, words, { timeout: COMMAND_MS })).stdout;
  } catch (error) {
    throw errors.masterKeyCommandFailed(program, error);
  }
}

/** Makes the file when it is missing: whole or not at all, and only one of several processes makes it. */
async function make(file: string): Promise<void> {
  if (
    await stat(file).then(
      () => true,
      () => false,
    )
  )
    return;
  const draft = `${file}.${randomUUID()}.partial`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${randomBytes(32).toString('base64')}\n`);
    await handle.sync();
    await handle.close();
    await link(draft, file).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
}

function parse(text: string): Buffer | null {
  if (/^[0-9a-fA-F]{64}$/.test(text)) return Buffer.from(text, 'hex');
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return null;
  return Buffer.from(text, 'base64');
}
