// Brings a fresh clone to the point where the compiled program can run: installs from the lock file when what is
// installed is not what it names, and compiles when a source file is newer than the last build.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const at = (...parts) => path.join(root, ...parts);

function run(command, args, onFailure = () => {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (result.status === 0) return;
  onFailure();
  process.exit(result.status ?? 1);
}

function packagesOf(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

/** True when every package of the lock file is there in its version; optional ones depend on the platform. */
function installed() {
  const there = packagesOf(at('node_modules', '.package-lock.json'));
  return Object.entries(packagesOf(at('package-lock.json'))).every(
    ([name, { version, optional }]) => name === '' || optional || there[name]?.version === version,
  );
}

function modified(file) {
  return existsSync(file) ? statSync(file).mtimeMs : 0;
}

function newest(directory) {
  const files = readdirSync(directory, { withFileTypes: true, recursive: true }).filter((entry) =>
    entry.isFile(),
  );
  return Math.max(...files.map((entry) => modified(path.join(entry.parentPath ?? entry.path, entry.name))));
}

if (!installed()) {
  console.error('Installing dependencies (npm ci)');
  run('npm', ['ci', '--silent']);
}
if (modified(at('dist', '.tsbuildinfo')) < Math.max(newest(at('src')), modified(at('tsconfig.build.json')))) {
  console.error('Compiling (npm run build)');
  // A build that failed must not pass for a finished one.
  const info = at('dist', '.tsbuildinfo');
  run('npm', ['run', '--silent', 'build'], () => rmSync(info, { force: true }));
  // The compiler leaves it alone when nothing changed but the files' times; without this each test would compile again.
  utimesSync(info, new Date(), new Date());
}
