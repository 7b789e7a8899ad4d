import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A wheel of the reference, or a folder of wheels, or one that it is unpacked to; it is not part of the project. */
const PLACE = process.env['NGYM_REFERENCE'] ?? '';

/** What holds prompts: the servers' programs and their texts; and tables. */
const PROMPTS = [
  'resources_servers/*/*.py',
  '*/prompt*',
  'resources_servers/*.txt',
  'resources_servers/*.yaml',
  'resources_servers/*/csv_data/*',
];

/**
 * Folders in which the reference's servers and prompts lie, as search roots; none where they are not at hand. A wheel
 * is unpacked, as far as it holds prompts, to a folder of this run.
 */
export function referenceRoots(): readonly string[] {
  return (found ??= find());
}

let found: readonly string[] | undefined;

function find(): string[] {
  if (!existsSync(PLACE)) return [];
  if (existsSync(path.join(PLACE, 'resources_servers'))) return [PLACE];
  const wheel = PLACE.endsWith('.whl')
    ? PLACE
    : readdirSync(PLACE)
        .filter((name) => /^nemo_gym-.*\.whl$/.test(name))
        .map((name) => path.join(PLACE, name))[0];
  if (wheel === undefined) return [];
  const folder = mkdtempSync(path.join(tmpdir(), 'ngym-reference-'));
  process.on('exit', () => execFileSync('rm', ['-rf', folder]));
  try {
    execFileSync('unzip', ['-q', wheel, ...PROMPTS, '-d', folder]);
  } catch {
    return [];
  }
  return [folder];
}

const CATALOGUE = path.resolve(import.meta.dirname, '../../src/environments/catalogue');

/**
 * Parts environments into those that can be made here and those that ask a judge in the reference's own words, or need
 * its tables, where these are not at hand.
 */
export function byReference(
  names: readonly string[],
  playedBy: (name: string) => string = (name) => name,
): { here: string[]; without: string[] } {
  const here: string[] = [];
  const without: string[] = [];
  for (const name of names) {
    const text = readFileSync(path.join(CATALOGUE, playedBy(name), 'environment.ts'), 'utf8');
    const asks = /'\.\.\/\.\.\/(?:judge\/|kit\/math\/)|'csv_data'/.test(text);
    const there = referenceRoots().length > 0 || !asks;
    (there ? here : without).push(name);
  }
  return { here, without };
}

export const NO_REFERENCE = 'the prompts of the reference are not at hand (NGYM_REFERENCE names its wheel)';
