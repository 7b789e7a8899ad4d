// Packs the project and installs the tarball in an empty folder, as a user would.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

/** Runs a program and gives its standard output; throws when it fails. */
export function run(command, args, options = {}) {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], ...options });
}

export function emptyFolder(name) {
  return mkdtempSync(path.join(tmpdir(), `ngym-${name}-`));
}

/** Installs the packed project in a folder; gives what `npm pack` says of the tarball. */
export function installPacked(folder) {
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root }));
  writeFileSync(
    path.join(folder, 'package.json'),
    JSON.stringify({ name: 'empty', private: true, type: 'module' }),
  );
  run('npm', ['install', '--no-audit', '--no-fund', `./${packed.filename}`], { cwd: folder });
  return packed;
}
