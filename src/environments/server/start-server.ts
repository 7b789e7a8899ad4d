import path from 'node:path';
import { errors } from '../../errors/index.js';
import { httpProbe, isPortBusy, supervise } from '../../processes/index.js';
import type { ProcessSpec, Supervised } from '../../processes/index.js';
import { findPython } from '../../reference/index.js';
import type { Env, FoundPython } from '../../reference/index.js';
import type { ServerBlock, ServerCode } from './find-code.js';
import { findServerCode } from './find-code.js';
import { serverVenvs } from './venvs.js';

export interface PythonServer {
  block: ServerBlock;
  code: ServerCode;
  python: FoundPython;
}

export interface PlanOptions {
  roots: readonly string[];
  env: Env;
  /** As the configuration's `python` names it. */
  python: string | undefined;
  cwd?: string;
  /** As `uv_venv_dir` of the configuration: where the reference keeps virtual environments of its servers. */
  venvDir?: string | undefined;
}

/**
 * What it takes to run a block's program; undefined where the program is in no root. Throws NgError when there is no
 * Python. Starts nothing.
 */
export function planServer(
  block: ServerBlock,
  { roots, env, python, cwd, venvDir }: PlanOptions,
): PythonServer | undefined {
  const code = findServerCode(block, roots);
  if (code === undefined) return undefined;
  const venvs = serverVenvs(block, code.folder, env, venvDir);
  return {
    block,
    code,
    python: findPython({ given: python, env, venvs, ...(cwd !== undefined && { cwd }) }),
  };
}

/** Linux passes no variable on that is longer than 128 KiB with its name. Unit: bytes. */
const MOST_CONFIG_BYTES = 128 * 1024 - 64;

export interface StartOptions extends Pick<ProcessSpec, 'log' | 'readyMs' | 'graceMs' | 'time' | 'notify'> {
  host: string;
  port: number;
  /** The whole configuration with hosts and ports, as text. */
  config: string;
  env: Env;
  /** For messages, where a block has several processes. */
  name?: string;
}

/**
 * Starts the program of a block as the reference does: in its folder, with the whole configuration and the block's name
 * in its environment. A program that needs nothing of the reference finds its address in `NGYM_HOST` and `NGYM_PORT`.
 * Throws NgError where somebody else has its port, or the configuration is too long to be passed on.
 */
export async function startServer(
  { block, code, python }: PythonServer,
  options: StartOptions,
): Promise<Supervised> {
  const { host, port, config, env, name = block.name, ...rest } = options;
  const bytes = Buffer.byteLength(config);
  if (bytes > MOST_CONFIG_BYTES) throw errors.serverConfigTooLarge(name, bytes, MOST_CONFIG_BYTES);
  if (await isPortBusy(host, port)) throw errors.serverPortBusy(name, host, port);
  // The packages of one Python are no packages of another.
  const root = /(?:site|dist)-packages$/.test(code.root) ? undefined : code.root;
  const imports = [root, code.folder, env['PYTHONPATH']].filter((entry) => entry !== undefined);
  return supervise({
    ...rest,
    name,
    command: python.command,
    args: [code.entrypoint],
    cwd: code.folder,
    env: {
      ...env,
      PYTHONPATH: imports.join(path.delimiter),
      PYTHONUNBUFFERED: '1',
      NEMO_GYM_CONFIG_DICT: config,
      NEMO_GYM_CONFIG_PATH: block.name,
      NGYM_HOST: host,
      NGYM_PORT: String(port),
    },
    ready: httpProbe(`http://${host.includes(':') ? `[${host}]` : host}:${port}/health`),
    hint: (lines) => errors.pythonServerHint(lines, python.command, python.from, code.folder),
  });
}
