import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { errors } from '../../errors/index.js';

/** What is stamped on rows as `skills_ref`. */
export interface Skills {
  /** The directory, absolute. */
  path: string;
  /** First 12 hex digits of a SHA-256 over all files: relative path, NUL, content, NUL, in order of the path. */
  hash: string;
  skills: { name: string; description: string | null; version: string | null }[];
}

async function filesUnder(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

async function readSkill(directory: string, name: string): Promise<Skills['skills'][number]> {
  const file = path.join(directory, name, 'SKILL.md');
  const text = await readFile(file, 'utf8').catch(() => {
    throw errors.invalidSkills(directory, `"${name}" has no SKILL.md`);
  });
  const front = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1];
  const fields = parseFront(directory, name, front);
  if (typeof fields.name !== 'string') {
    throw errors.invalidSkills(directory, `the front matter of ${name}/SKILL.md has no "name"`);
  }
  const textOrNull = (value: unknown): string | null =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  return {
    name: fields.name,
    description: textOrNull(fields.description),
    version: textOrNull(fields.version),
  };
}

function parseFront(directory: string, name: string, front: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = front === undefined ? null : parse(front);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch (error) {
    throw errors.invalidSkills(directory, `${name}/SKILL.md: ${(error as Error).message}`);
  }
}

/** Reads a directory of skills. Throws `ROLLOUTS_INVALID_SKILLS`. */
export async function readSkills(directory: string): Promise<Skills> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => {
    throw errors.invalidSkills(directory, 'it is not a directory');
  });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  if (names.length === 0) throw errors.invalidSkills(directory, 'it holds no skill');
  const skills = await Promise.all(names.sort().map((name) => readSkill(directory, name)));
  const hash = createHash('sha256');
  for (const file of await filesUnder(directory)) {
    hash.update(`${file}\0`);
    hash.update(await readFile(path.join(directory, file)));
    hash.update('\0');
  }
  return { path: directory, hash: hash.digest('hex').slice(0, 12), skills };
}
