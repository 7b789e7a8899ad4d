import { NgError } from './ng-error.js';

const INSTALL = 'python3 -m venv .venv && .venv/bin/pip install nemo-gym';

/** A Python that was named; `from` is what named it. */
export function pythonNotThere(from: string, given: string): NgError {
  return new NgError(
    'PYTHON_NOT_THERE',
    `${from} names the Python "${given}", which is not there or cannot be run.`,
    "Give the path of a Python program or of a virtual environment, or leave it out: then the server's own .venv, the active environment or python3 is used.",
  );
}

export function pythonMissing(): NgError {
  return new NgError(
    'PYTHON_MISSING',
    'A server of the configuration is a Python program, and there is no Python: neither +python nor NGYM_PYTHON is given, no virtual environment is active, and python3 is not on the search path.',
    `Install Python 3.13, then: ${INSTALL}`,
  );
}

export function serverPortBusy(server: string, host: string, port: number): NgError {
  return new NgError(
    'PYTHON_PORT_BUSY',
    `"${server}" is to listen on ${host}:${port}, and somebody else does.`,
    'Stop that one, or remove "port" from the block: a free one is taken then.',
  );
}

/** What a user can do about a Python server that does not come up, by what it printed last. */
export function pythonServerHint(
  lines: readonly string[],
  python: string,
  from: string,
  folder: string,
): string {
  const text = lines.join('\n');
  const missing = /ModuleNotFoundError: No module named '([\w.]+)'/.exec(text)?.[1];
  const which = `The Python is ${python} (${from}).`;
  if (missing === 'nemo_gym' || missing?.startsWith('nemo_gym.') === true) {
    return `Install NeMo Gym for it: ${python} -m pip install nemo-gym\n  ${which} Another one: +python=<path>.`;
  }
  if (missing !== undefined) {
    return `Install what the server needs: ${python} -m pip install -r ${folder}/requirements.txt\n  ${which} Or make an environment for the server alone: ng env prefetch.`;
  }
  if (/No module named/.test(text)) return `Install what is missing for ${python}. ${which}`;
  return `Read what it printed. ${which} Its folder is ${folder}. More time: +server_spinup_timeout_seconds=<seconds>.`;
}

export function serverKeyInvalid(key: string, wanted: string): NgError {
  return new NgError('PYTHON_SETTING_INVALID', `"${key}" must be ${wanted}.`, `Correct it: "+${key}=…".`, {
    key,
  });
}
