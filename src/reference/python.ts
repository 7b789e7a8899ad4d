import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { errors } from '../errors/index.js';

export type Env = Readonly<Record<string, string | undefined>>;

/** Names the Python for everything that needs one. */
export const PYTHON_VARIABLE = 'NGYM_PYTHON';

export interface PythonPlaces {
  /** As the configuration's `python` names it: a path, or a program of the search path. */
  given?: string | undefined;
  env: Env;
  /** Where a relative `given` starts. */
  cwd?: string;
  /** Virtual environments of the server itself, in order. */
  venvs?: readonly string[];
}

export interface FoundPython {
  /** Absolute path. */
  command: string;
  /** What led to it, for messages: `+python`, `NGYM_PYTHON`, `.venv of the server`, … */
  from: string;
}

/** Whether a file is there that may be run. */
function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** A program of the search path, as a shell finds it. */
export function programOnPath(name: string, env: Env): string | undefined {
  return (env['PATH'] ?? '')
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder))
    .map((folder) => path.join(folder, name))
    .find(isProgram);
}

/** A path, or a name that is looked for as a shell does; a folder is taken for a virtual environment. */
function programOf(given: string, { env, cwd = process.cwd() }: PythonPlaces): string | undefined {
  const known = given.includes('/') ? undefined : programOnPath(given, env);
  if (known !== undefined) return known;
  const file = path.resolve(cwd, given);
  return [file, path.join(file, 'bin', 'python')].find(isProgram);
}

function* candidates({ env, venvs = [] }: PythonPlaces): Generator<FoundPython | undefined> {
  const at = (command: string, from: string): FoundPython | undefined =>
    isProgram(command) ? { command, from } : undefined;
  for (const venv of venvs) yield at(path.join(venv, 'bin', 'python'), 'virtual environment of the server');
  const active = env['VIRTUAL_ENV'];
  if (active) yield at(path.join(active, 'bin', 'python'), 'active virtual environment');
  for (const name of ['python3', 'python']) {
    const command = programOnPath(name, env);
    if (command !== undefined) yield { command, from: `${name} of the search path` };
  }
}

/**
 * The Python to run a server with: what `+python` or `NGYM_PYTHON` names, else the server's own virtual environment,
 * else the active one, else `python3`. Throws NgError where what is named is not there, or nothing is.
 */
export function findPython(places: PythonPlaces): FoundPython {
  const named = [
    ['+python', places.given],
    [PYTHON_VARIABLE, places.env[PYTHON_VARIABLE]],
  ] as const;
  for (const [from, given] of named) {
    if (given === undefined || given === '') continue;
    const command = programOf(given, places);
    if (command === undefined) throw errors.pythonNotThere(from, given);
    return { command, from };
  }
  for (const found of candidates(places)) if (found !== undefined) return found;
  throw errors.pythonMissing();
}

/** As {@link findPython}, undefined where there is none. */
export function somePython(places: PythonPlaces): FoundPython | undefined {
  try {
    return findPython(places);
  } catch {
    return undefined;
  }
}
