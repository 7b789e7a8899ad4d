// Runs one program to its end and tells what the operating system counted for it.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const usageModule = pathToFileURL(path.join(import.meta.dirname, 'usage.mjs')).href;

/** Starts the mock provider; `stop()` ends it. */
export async function startProvider(latencyMs) {
  const child = spawn(
    process.execPath,
    [path.join(import.meta.dirname, 'mock-provider.mjs'), String(latencyMs)],
    {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    },
  );
  const port = await new Promise((resolve) =>
    child.stdout.once('data', (data) => resolve(String(data).trim())),
  );
  return { url: `http://127.0.0.1:${port}`, stop: () => child.disconnect() };
}

/**
 * Runs `node ...args` and watches `output` for its first line.
 * @returns seconds of wall time and of CPU, peak RSS in MB, seconds until the first line, lines written
 */
export async function measure(args, { output, cwd, usageFile }) {
  const started = performance.now();
  let firstLine = null;
  const watch = setInterval(() => {
    if (firstLine === null && existsSync(output) && statSync(output).size > 0)
      firstLine = performance.now() - started;
  }, 2);
  const child = spawn(process.execPath, args, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: `--import=${usageModule}`, BENCH_USAGE_FILE: usageFile },
  });
  let stderr = '';
  child.stderr.on('data', (data) => (stderr += data));
  child.stdout.resume();
  const code = await new Promise((resolve) => child.once('exit', resolve));
  const wall = (performance.now() - started) / 1000;
  clearInterval(watch);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}\n${stderr}`);
  const rollouts = readFileSync(output, 'utf8').split('\n').length - 1;
  return {
    wall,
    firstLine: firstLine === null ? wall : firstLine / 1000,
    rollouts,
    ...JSON.parse(readFileSync(usageFile, 'utf8')),
  };
}
