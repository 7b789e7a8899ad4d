import { readdirSync } from 'node:fs';
import path from 'node:path';
import { REPOSITORY } from '../support/build.js';
import type { Fence } from '../support/markdown.js';
import { fences } from '../support/markdown.js';

/** Every page for users and contributors, relative to the repository. */
export const PAGES: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(path.join(REPOSITORY, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

/**
 * What a block may be marked with, by language, and what the tests of this folder do with it:
 * - `sh`: run, against a provider of ours; `no-run`: its commands, flags and parameters must exist.
 * - `yaml`: a configuration that is valid as it stands; `fragment`: laid over shipped files; else the file that it is.
 * - `ts`, `js`: checked by the compiler and run; `no-run`: only checked; `fragment`: with some names given.
 * - `json`, `python`: read; `console`: its first line is a command; `text`: output, shown only.
 */
export const MARKS: Readonly<Record<string, readonly string[]>> = {
  sh: ['no-run'],
  yaml: ['fragment', 'env.yaml', 'prompt.yaml', 'gate.yaml'],
  ts: ['no-run', 'fragment'],
  js: ['no-run', 'fragment'],
  json: [],
  python: [],
  console: [],
  text: [],
};

export const BLOCKS: readonly Fence[] = PAGES.flatMap(fences);

/** For the name of a test. */
export const at = ({ file, line }: Fence): string => `${file}:${line}`;

export function blocks(
  languages: readonly string[],
  keep: (marks: readonly string[]) => boolean = () => true,
) {
  return BLOCKS.filter(({ language, marks }) => languages.includes(language) && keep(marks)).map(
    (block) => [at(block), block] as const,
  );
}
