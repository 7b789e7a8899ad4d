import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import type { Entry, ZipFile } from 'yauzl';
import { errors, NgError } from '../errors/index.js';
import { makeFolder } from '../files/index.js';
import { dataFolder } from './data-folder.js';
import type { Env } from './python.js';

/** What a wheel may hold that is of use here: folders of servers and of what they are configured with. */
const KINDS = [
  'resources_servers',
  'responses_api_agents',
  'responses_api_models',
  'environments',
  'benchmarks',
] as const;
export type Kind = (typeof KINDS)[number];

export interface Unpacked {
  /** The package, as its metadata name it. */
  name: string;
  version: string;
  /** Where it is now: a search root. */
  folder: string;
  files: number;
  /** How many of each kind it brought. */
  counts: Record<Kind, number>;
}

/** More than this is no package of configs and examples. Unit: bytes. */
const MOST_BYTES = 4 * 1024 ** 3;

/** Reads an entry at a time; paths that lead out of the folder are refused by the reader. */
async function openZip(file: string): Promise<ZipFile> {
  const { open } = await import('yauzl');
  return new Promise((resolve, reject) => {
    open(file, { lazyEntries: true, autoClose: false, strictFileNames: true }, (error, zip) => {
      if (error) reject(error);
      else resolve(zip);
    });
  });
}

function entriesOf(zip: ZipFile): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on('entry', (entry: Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.once('end', () => resolve(entries));
    zip.once('error', reject);
    zip.readEntry();
  });
}

function contentOf(zip: ZipFile, entry: Entry): Promise<NodeJS.ReadableStream> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) reject(error);
      else resolve(stream);
    });
  });
}

/** Name and version of the package, from its metadata. */
async function packageOf(
  zip: ZipFile,
  entries: readonly Entry[],
): Promise<{ name: string; version: string } | undefined> {
  const metadata = entries.find(({ fileName }) => /^[^/]+\.dist-info\/METADATA$/.test(fileName));
  if (metadata === undefined) return undefined;
  const head = (await text(await contentOf(zip, metadata))).split(/\r?\n\r?\n/, 1)[0]!;
  const field = (key: string): string | undefined =>
    new RegExp(`^${key}: *([\\w.+!-]+) *$`, 'm').exec(head)?.[1];
  const [name, version] = [field('Name'), field('Version')];
  return name === undefined || version === undefined ? undefined : { name, version };
}

function countsOf(entries: readonly Entry[]): Record<Kind, number> {
  const counts = KINDS.map((kind) => {
    const names = entries.flatMap(({ fileName }) => {
      const [first, name, more] = fileName.split('/');
      return first === kind && more !== undefined && name !== '__pycache__' ? [name] : [];
    });
    return [kind, new Set(names).size] as const;
  });
  return Object.fromEntries(counts) as Record<Kind, number>;
}

async function write(zip: ZipFile, entries: readonly Entry[], folder: string): Promise<number> {
  const files = entries.filter(({ fileName }) => !fileName.endsWith('/'));
  for (const entry of files) {
    const target = path.join(folder, entry.fileName);
    await mkdir(path.dirname(target), { recursive: true });
    await pipeline(await contentOf(zip, entry), createWriteStream(target));
  }
  return files.length;
}

async function unpack(zip: ZipFile, file: string, env: Env): Promise<Unpacked> {
  const entries = await entriesOf(zip);
  const found = await packageOf(zip, entries);
  const counts = countsOf(entries);
  if (found === undefined || Object.values(counts).every((count) => count === 0)) {
    throw errors.notAWheelOfServers(file);
  }
  const bytes = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
  if (bytes > MOST_BYTES) throw errors.wheelTooLarge(file, bytes, MOST_BYTES);
  const folder = path.join(dataFolder(env), 'wheels', `${found.name.replaceAll('-', '_')}-${found.version}`);
  const partial = `${folder}.partial`;
  await makeFolder(path.dirname(folder));
  await rm(partial, { recursive: true, force: true });
  const files = await write(zip, entries, partial).catch(async (error: unknown) => {
    await rm(partial, { recursive: true, force: true });
    throw error;
  });
  await rm(folder, { recursive: true, force: true });
  await rename(partial, folder);
  return { ...found, folder, files, counts };
}

/** What the reader and the decompressor say of a file that is not as it should be: no errors of the system. */
function isDamage(error: unknown): error is Error {
  if (!(error instanceof Error) || error instanceof NgError) return false;
  return !('code' in error) || String(error.code).startsWith('Z_');
}

/**
 * Unpacks a wheel into the user's data folder, where it is a search root from then on; one of the same version is
 * replaced. No Python is needed. Throws NgError for a file that is no such wheel.
 */
export async function unpackWheel(file: string, env: Env): Promise<Unpacked> {
  const zip = await openZip(file).catch((error: unknown) => {
    throw errors.fileTrouble(error, file) ?? errors.wheelUnreadable(file, (error as Error).message);
  });
  try {
    return await unpack(zip, file, env);
  } catch (error) {
    throw isDamage(error) ? errors.wheelUnreadable(file, error.message) : error;
  } finally {
    zip.close();
  }
}
