import type { Prefetched } from '../../index.js';
import { checkParameters } from '../check-parameters.js';
import type { Run } from '../command.js';
import { EXIT } from '../exit-codes.js';

const line = ({ server, ok, seconds, problem, log }: Prefetched): string =>
  ok
    ? `${server}: ready after ${seconds.toFixed(1)} s\n`
    : `${server}: failed after ${seconds.toFixed(1)} s: ${problem}\n  its log: ${log}\n`;

/** `ng env prefetch`: a virtual environment for each Python server of a configuration. */
export const run: Run = async (invocation) => {
  const { host, json, overrides } = invocation;
  const { prefetchServers, resolveWithoutModel } = await import('../../index.js');
  const resolved = await resolveWithoutModel({ overrides, cwd: host.cwd, env: host.env });
  await checkParameters(invocation, resolved);
  for (const warning of resolved.warnings) host.stderr.write(`warning: ${warning}\n`);
  const stopping = new AbortController();
  const off = [
    host.onSignal('SIGINT', () => stopping.abort()),
    host.onSignal('SIGTERM', () => stopping.abort()),
  ];
  try {
    const made = await prefetchServers(resolved, {
      env: host.env,
      signal: stopping.signal,
      onEnd: (result) => void host.stderr.write(line(result)),
    });
    if (json) host.stdout.write(`${JSON.stringify(made, null, 2)}\n`);
    else if (made.length === 0) host.stdout.write('every server of the configuration is built in\n');
    else host.stdout.write(made.map(({ server, venv }) => `${server}  ${venv}\n`).join(''));
    if (stopping.signal.aborted) return EXIT.interrupted;
    return made.every(({ ok }) => ok) ? EXIT.complete : EXIT.incomplete;
  } finally {
    for (const stop of off) stop();
  }
};
