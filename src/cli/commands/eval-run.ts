import { NgError } from '../../errors/index.js';
import { checkParameters } from '../check-parameters.js';
import type { Invocation, Run } from '../command.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { nothingConfigured } from '../nothing-configured.js';
import { commandLines } from '../paste.js';
import { asCalled } from '../program-word.js';
import { colored } from '../report-options.js';
import { openLookup } from '../platform-lookup.js';
import { createDisplay, jsonRecord } from '../reporters/index.js';
import { listenForStop } from '../signals.js';
import type { RunControl, RunSummary } from '../../index.js';

/** `ng eval run`: results in files, summary on stdout, progress on stderr. */
export const run: Run = async (invocation) => {
  const { host } = invocation;
  const api = await import('../../index.js');
  const display = await createDisplay(host);
  let current: RunControl | undefined;
  const stop = listenForStop(host, () => current?.finishing() ?? 0, display);
  const tell = (): void => {
    if (current === undefined) display.say('nothing is in flight yet');
    else void api.describeStatus(current.status()).then((text) => display.say(text.trimEnd()));
  };
  const lookup = openLookup(host.env);
  const stopTelling = [host.onSignal('SIGUSR1', tell), host.onSignal('SIGUSR2', tell)];
  try {
    const resolved = await resolve(invocation, display.say);
    const json = invocation.json || resolved.values['json'] === true;
    const finished = await api.collectRollouts(resolved, {
      cwd: host.cwd,
      env: host.env,
      platform: lookup.platform,
      commands: await commandLines(invocation, resolved),
      source: invocation.options['no-serve'] === true ? 'input' : 'split',
      signals: { drain: stop.drain, abort: stop.abort },
      onControl: (control) => (current = control),
      reporter: (event) => {
        display.report(event);
        // The last record says more than the event: the exit code.
        const record = json && event.type !== 'end' ? jsonRecord(event) : undefined;
        if (record !== undefined) host.stdout.write(`${record}\n`);
      },
    });
    display.close();
    const summary = { ...finished, next: asCalled(finished.next, host.programWord()) };
    const code = exitCodeOf(summary);
    const out = json ? host.stderr : host.stdout;
    out.write(
      await api.renderSummary(summary, {
        width: out.columns ?? 120,
        color: colored(invocation, out),
        cwd: host.cwd,
      }),
    );
    if (json) host.stdout.write(`${jsonRecord({ type: 'end', summary }, code)!}\n`);
    return code;
  } finally {
    stop.release();
    for (const off of stopTelling) off();
    display.close();
    await lookup.close();
  }
};

async function resolve(invocation: Invocation, say: (message: string) => void) {
  const { discoverServers, resolveForRun } = await import('../../index.js');
  const { cwd, env } = invocation.host;
  const options = { overrides: invocation.overrides, cwd, env };
  const own = await resolveForRun(options);
  await checkParameters(invocation, own);
  for (const warning of own.warnings) say(`warning: ${warning}`);
  const resolved = await discoverServers(own, options).catch(async (error: unknown) => {
    const noHead = error instanceof NgError && error.code === 'SERVE_NO_HEAD';
    throw noHead ? await nothingConfigured(invocation, own, error) : error;
  });
  for (const warning of resolved.warnings) {
    if (!own.warnings.includes(warning)) say(`warning: ${warning}`);
  }
  const { policy_model_name: model } = resolved.values;
  if (typeof model === 'string' && model.includes(',')) {
    say(
      `warning: "${model}" is asked for as the name of one model: for several, run the command once for each`,
    );
  }
  if (resolved.values['verbose'] === true) for (const file of resolved.files) say(`read ${file}`);
  return resolved;
}

function exitCodeOf({ status }: RunSummary): ExitCode {
  return { complete: EXIT.complete, incomplete: EXIT.incomplete, interrupted: EXIT.interrupted }[status];
}
