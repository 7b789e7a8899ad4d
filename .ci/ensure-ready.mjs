// Brings a fresh clone to the point where the compiled program can run: installs from the lock file when
// node_modules is missing or older than it, and compiles when a source file is newer than the last build.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const at = (...parts) => path.join(root, ...parts);

function run(command, args) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

function modified(file) {
  return existsSync(file) ? statSync(file).mtimeMs : 0;
}

function newest(directory) {
  let latest = 0;
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    if (entry.isFile())
      latest = Math.max(latest, modified(path.join(entry.parentPath ?? entry.path, entry.name)));
  }
  return latest;
}

if (modified(at('node_modules', '.package-lock.json')) < modified(at('package-lock.json'))) {
  console.error('Installing dependencies (npm ci)');
  run('npm', ['ci']);
}
if (modified(at('dist', '.tsbuildinfo')) < Math.max(newest(at('src')), modified(at('tsconfig.build.json')))) {
  console.error('Compiling (npm run build)');
  run('npm', ['run', '--silent', 'build']);
}
