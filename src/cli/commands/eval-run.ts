import path from 'node:path';
import { errors } from '../../errors/index.js';
import { checkParameters } from '../check-parameters.js';
import type { Invocation, Run } from '../command.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { createDisplay, jsonRecord } from '../reporters/index.js';
import { listenForStop } from '../signals.js';
import type { RunSummary } from '../../index.js';

/** `ng eval run`: results in files, summary on stdout, progress on stderr. */
export const run: Run = async (invocation) => {
  const { host } = invocation;
  const api = await import('../../index.js');
  const display = await createDisplay(host);
  let inFlight = 0;
  const stop = listenForStop(host, () => inFlight, display.say);
  try {
    const resolved = await resolve(invocation, display.say);
    const json = invocation.json || resolved.values['json'] === true;
    const summary = await api.collectRollouts(resolved, {
      cwd: host.cwd,
      env: host.env,
      source: invocation.options['no-serve'] === true ? 'input' : 'split',
      signals: { drain: stop.drain, abort: stop.abort },
      reporter: (event) => {
        if (event.type === 'progress') inFlight = event.progress.inFlight;
        display.report(event);
        if (json && event.type === 'start') host.stdout.write(`${jsonRecord(event)!}\n`);
      },
    });
    display.close();
    const code = exitCodeOf(summary);
    const out = json ? host.stderr : host.stdout;
    out.write(
      await api.renderSummary(summary, {
        width: out.columns ?? 120,
        color: useColor(invocation, out),
        cwd: host.cwd,
      }),
    );
    if (json) host.stdout.write(`${jsonRecord({ type: 'end', summary }, code)!}\n`);
    return code;
  } finally {
    stop.release();
    display.close();
  }
};

async function resolve(invocation: Invocation, say: (message: string) => void) {
  const { resolveConfig } = await import('../../index.js');
  const { cwd, env } = invocation.host;
  const resolved = await resolveConfig({ overrides: invocation.overrides, cwd, env });
  checkParameters(invocation, resolved);
  if (resolved.servers.length === 0) throw await nothingConfigured(invocation, resolved.values['agent_name']);
  for (const warning of resolved.warnings) say(`warning: ${warning}`);
  return resolved;
}

/** Names the file that defines the agent, for those who were used to servers running elsewhere. */
async function nothingConfigured({ host }: Invocation, agent: unknown): Promise<Error> {
  const name = typeof agent === 'string' ? agent : undefined;
  const { listComponents, searchRoots } = await import('../../index.js');
  const roots = await searchRoots(host.cwd, host.env);
  const found = (await listComponents('agents', host)).find(({ row }) => row['name'] === name);
  const file = (found?.detail.details['configs'] as string[] | undefined)?.[0];
  const root = roots.find((candidate) => file?.startsWith(candidate + path.sep));
  return errors.nothingConfigured(name, file && root ? path.relative(root, file) : file);
}

function exitCodeOf({ status }: RunSummary): ExitCode {
  return { complete: EXIT.complete, incomplete: EXIT.incomplete, interrupted: EXIT.interrupted }[status];
}

function useColor({ host }: Invocation, out: { isTTY?: boolean }): boolean {
  return out.isTTY === true && (host.env['NO_COLOR'] ?? '') === '' && host.env['TERM'] !== 'dumb';
}
