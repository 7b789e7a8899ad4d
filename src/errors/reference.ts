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
  if (missing !== undefined) {
    const base = `Install what it needs: ${python} -m pip install nemo-gym`;
    const own = missing.startsWith('nemo_gym') ? '' : ` and the packages of ${folder}/requirements.txt`;
    return `${base}${own}\n  ${which} Another one: +python=<path>. One for this server alone: ng env prefetch.`;
  }
  return `Read what it printed. ${which} Its folder is ${folder}. More time: +server_spinup_timeout_seconds=<seconds>.`;
}

export function serverKeyInvalid(key: string, wanted: string): NgError {
  return new NgError('PYTHON_SETTING_INVALID', `"${key}" must be ${wanted}.`, `Correct it: "+${key}=…".`, {
    key,
  });
}

const GET_WHEEL =
  'Get the wheel first, without installing it: pip download --no-deps --ignore-requires-python nemo-gym; then name the .whl file.';

export function wheelUnreadable(file: string, reason: string): NgError {
  return new NgError('WHEEL_UNREADABLE', `${file} cannot be read as a wheel: ${reason}`, GET_WHEEL);
}

export function notAWheelOfServers(file: string): NgError {
  return new NgError(
    'WHEEL_WITHOUT_SERVERS',
    `${file} is no wheel of a package with servers: it has no resources_servers, agents, models, environments or benchmarks.`,
    GET_WHEEL,
  );
}

export function wheelTooLarge(file: string, bytes: number, most: number): NgError {
  return new NgError(
    'WHEEL_TOO_LARGE',
    `${file} would be ${bytes} bytes when it is unpacked; ${most} are the most.`,
    'Unpack it yourself where there is room, and name the folder: --search-dir <folder>.',
  );
}

export function uvMissing(): NgError {
  return new NgError(
    'UV_MISSING',
    'Virtual environments of servers are made with uv, which is not on the search path.',
    'Install it: pip install uv. Or use one Python for all servers: +python=<path>.',
  );
}

export function serverConfigTooLarge(server: string, bytes: number, most: number): NgError {
  return new NgError(
    'PYTHON_CONFIG_TOO_LARGE',
    `"${server}" is a program that gets the configuration in its environment, and the configuration has ${bytes} bytes; ${most} are the most that the system passes on.`,
    'Name fewer config files in one run, or start the server yourself and give its block a base_url.',
  );
}
