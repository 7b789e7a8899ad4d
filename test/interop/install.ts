import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { REPOSITORY } from '../support/build.js';
import { NPM_CLIENTS, PYTHON_CLIENTS, type ClientName, type Installed } from './versions.js';

const run = promisify(execFile);
const LIMIT_MS = 300_000;

/** Clients are kept between runs, away from what the project itself needs. */
const CACHE =
  process.env['NGYM_INTEROP_CACHE'] ?? path.join(REPOSITORY, 'node_modules', '.cache', 'ngym-interop');

/** Installs every client once, in a folder of its own that its versions name. What cannot be had says why. */
export async function installAll(): Promise<Record<ClientName, Installed>> {
  const installed: Partial<Record<ClientName, Installed>> = {};
  const withNpm = async (): Promise<void> => {
    for (const [name, specs] of Object.entries(NPM_CLIENTS)) {
      installed[name as ClientName] = await once(name, specs, (folder) => npmInstall(folder, specs));
    }
  };
  const [python] = await Promise.all([once('python', PYTHON_CLIENTS, pipInstall), withNpm()]);
  return { ...installed, python } as Record<ClientName, Installed>;
}

async function once(
  name: string,
  specs: readonly string[],
  install: (folder: string) => Promise<void>,
): Promise<Installed> {
  const digest = createHash('sha256').update(specs.join()).digest('hex').slice(0, 12);
  const folder = path.join(CACHE, `${name}-${digest}`);
  const done = path.join(folder, '.installed');
  if (existsSync(done)) return { folder };
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    await install(folder);
    writeFileSync(done, specs.join('\n'));
    return { folder };
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    const words = (stderr ?? message).replace(/\s+/g, ' ').trim();
    return { missing: `${specs[0]!} could not be installed: ${words.slice(0, 200)}` };
  }
}

async function npmInstall(folder: string, specs: readonly string[]): Promise<void> {
  writeFileSync(path.join(folder, 'package.json'), '{"private": true, "type": "module"}\n');
  // Some ask for a newer Node than ours in their package and work all the same.
  const flags = ['--engine-strict=false', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  await run('npm', ['install', ...flags, ...specs], { cwd: folder, timeout: LIMIT_MS });
  // The one install script that is needed: it puts the program for this machine in its place.
  const setup = path.join(folder, 'node_modules/@anthropic-ai/claude-code/install.cjs');
  if (existsSync(setup)) await run(process.execPath, [setup], { cwd: folder, timeout: LIMIT_MS });
}

async function pipInstall(folder: string): Promise<void> {
  await run('python3', ['-m', 'venv', folder], { timeout: LIMIT_MS });
  const pip = path.join(folder, 'bin/pip');
  const flags = ['--quiet', '--disable-pip-version-check'];
  await run(pip, ['install', ...flags, ...PYTHON_CLIENTS], { timeout: LIMIT_MS });
}
