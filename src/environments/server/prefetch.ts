import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import pLimit from 'p-limit';
import { errors } from '../../errors/index.js';
import { runCommand } from '../../processes/index.js';
import type { Env } from '../../reference/index.js';
import { programOnPath } from '../../reference/index.js';
import type { ServerBlock, ServerCode } from './find-code.js';
import { prefetchedVenv } from './venvs.js';

/** What the reference asks for, where nobody says another one. */
const PYTHON_VERSION = '3.13';
const AT_A_TIME = 3;
const GRACE_MS = 2_000;

export interface PrefetchOptions {
  env: Env;
  /** A Python, or a version of it; default: 3.13. */
  python: string | undefined;
  /** As `uv_venv_dir` of the configuration; default: in the user's data folder. */
  venvDir: string | undefined;
  onEnd: (result: Prefetched) => void;
  signal?: AbortSignal;
}

export interface Prefetched {
  /** `<type>/<implementation>`. */
  server: string;
  venv: string;
  ok: boolean;
  seconds: number;
  /** Why not, with the last lines; empty when it is there. */
  problem: string;
  log: string;
}

/** The version of the reference in whose package a program lies; undefined in a folder of the user's. */
export function versionOf(root: string): string | undefined {
  const names = existsSync(root) ? readdirSync(root) : [];
  return names.flatMap((name) => /^nemo_gym-(.+)\.dist-info$/.exec(name)?.[1] ?? []).at(0);
}

/**
 * What `uv` is asked to install, as the reference does: from a checkout what the folder says; from a package `nemo-gym`
 * of the same version, and what the folder says without its line about the checkout. Shell text, run in the folder.
 */
export function installScript({ folder, root }: ServerCode): string | undefined {
  const version = versionOf(root);
  const install = 'uv pip install --python "$VENV/bin/python"';
  if (existsSync(path.join(folder, 'pyproject.toml'))) {
    return version === undefined
      ? `${install} -e .`
      : `${install} 'nemo-gym==${version}' && ${install} --no-sources -e .`;
  }
  const file = path.join(folder, 'requirements.txt');
  if (!existsSync(file)) return undefined;
  if (version === undefined) return `${install} -r requirements.txt`;
  const base = readFileSync(file, 'utf8').includes('../..') ? `echo 'nemo-gym==${version}' && ` : '';
  return `(${base}(grep -v -F '../..' requirements.txt || true)) | ${install} -r /dev/stdin`;
}

/**
 * Makes a virtual environment with `uv` for each program, from its `requirements.txt` or `pyproject.toml`, some at a
 * time; those that are there are brought up to date. Throws NgError when there is no `uv`.
 */
export async function prefetchServers(
  programs: readonly { block: ServerBlock; code: ServerCode }[],
  options: PrefetchOptions,
): Promise<Prefetched[]> {
  if (programOnPath('uv', options.env) === undefined) throw errors.uvMissing();
  const unique = new Map(programs.map((one) => [`${one.block.type}/${one.block.implementation}`, one]));
  const limit = pLimit(AT_A_TIME);
  return Promise.all(
    [...unique].map(([name, { block, code }]) => limit(() => one(name, block, code, options))),
  );
}

async function one(
  server: string,
  block: ServerBlock,
  code: ServerCode,
  { env, python = PYTHON_VERSION, venvDir, onEnd, signal }: PrefetchOptions,
): Promise<Prefetched> {
  const venv = prefetchedVenv(block, env, venvDir);
  const log = `${venv}.log`;
  const begun = performance.now();
  const end = (problem: string): Prefetched => {
    const seconds = (performance.now() - begun) / 1000;
    const result = { server, venv, ok: problem === '', seconds, problem, log };
    onEnd(result);
    return result;
  };
  const install = installScript(code);
  if (install === undefined) return end(`${code.folder} has neither requirements.txt nor pyproject.toml`);
  await mkdir(path.dirname(venv), { recursive: true });
  const isNew = !existsSync(venv);
  const { ok, how, tail } = await runCommand({
    command: '/bin/sh',
    args: ['-ec', `uv venv --allow-existing --python "$PYTHON" "$VENV" && ${install}`],
    cwd: code.folder,
    env: { ...env, VENV: venv, PYTHON: python },
    log: { file: log },
    graceMs: GRACE_MS,
    ...(signal !== undefined && { signal }),
  });
  // Half of one would be taken for the server's own.
  if (!ok && isNew) await rm(venv, { recursive: true, force: true });
  return end(ok ? '' : [how, ...tail.slice(-4)].join('\n  | '));
}
