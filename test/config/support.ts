import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { ConfigObject, ResolvedConfig } from '../../src/config/index.js';
import { loadConfig } from '../../src/config/index.js';
import { NgError } from '../../src/errors/index.js';

export interface Workplace {
  /** Files by relative path, in a new working directory. */
  files?: Record<string, string>;
  overrides?: readonly string[];
  env?: Record<string, string>;
  initial?: ConfigObject;
}

export function makeDirectory(files: Record<string, string> = {}): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'ngym-config-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(directory, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return directory;
}

/** Loads with real files; `config_paths` is `a.yaml` when there is one and no override names any. */
export async function load(
  workplace: Workplace,
  cwd = makeDirectory(workplace.files),
): Promise<ResolvedConfig> {
  const given = workplace.overrides ?? [];
  const implied =
    workplace.files?.['a.yaml'] !== undefined && !given.some((token) => /config_paths/.test(token));
  return loadConfig({
    overrides: implied ? ['+config_paths=[a.yaml]', ...given] : given,
    cwd,
    env: workplace.env ?? {},
    ...(workplace.initial === undefined ? {} : { initial: workplace.initial }),
  });
}

/** The values without `config_paths`. */
export async function values(workplace: Workplace): Promise<ConfigObject> {
  const all = Object.entries((await load(workplace)).values);
  return Object.fromEntries(all.filter(([key]) => key !== 'config_paths'));
}

/** The whole message that a user would see for a mistake; any other outcome fails. */
export async function mistake(workplace: Workplace): Promise<string> {
  const cwd = makeDirectory(workplace.files);
  const error: unknown = await load(workplace, cwd).then(
    () => new Error('nothing was refused'),
    (caught: unknown) => caught,
  );
  if (!(error instanceof NgError)) throw error;
  return error.toString().replaceAll(cwd, '<cwd>');
}
