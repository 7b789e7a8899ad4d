import type { RunControl } from '../../index.js';
import { checkParameters } from '../check-parameters.js';
import type { Run } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { neededText } from '../needed.js';
import { asCalled } from '../program-word.js';
import { openLookup } from '../platform-lookup.js';
import { createDisplay, jsonRecord } from '../reporters/index.js';
import { listenForStop } from '../signals.js';

/** `ng eval reverify`: new rewards for stored responses; results in files, summary on stdout. */
export const run: Run = async (invocation) => {
  const { overrides, json, host } = invocation;
  const api = await import('../../index.js');
  const display = await createDisplay(host);
  let current: RunControl | undefined;
  const stop = listenForStop(host, () => current?.finishing() ?? 0, display);
  const lookup = openLookup(host.env);
  try {
    const resolved = await api.resolveWithoutModel({ overrides, cwd: host.cwd, env: host.env });
    await checkParameters(invocation, resolved);
    for (const warning of resolved.warnings) display.say(`warning: ${warning}`);
    const needed = neededText(invocation, resolved);
    const { values } = resolved;
    const append = values['append'] === true;
    const inPlace = values['in_place'] === true;
    const { materialized_inputs_jsonl_fpath: inputs } = values;
    const finished = await api.reverifyRollouts(resolved, {
      cwd: host.cwd,
      env: host.env,
      platform: lookup.platform,
      ...(inputs == null ? {} : { inputs: needed('--inputs', 'materialized_inputs_jsonl_fpath') }),
      rollouts: needed('--rollouts', 'rollouts_jsonl_fpath'),
      ...((append || inPlace) && values['output_jsonl_fpath'] === undefined
        ? {}
        : { output: needed('--output', 'output_jsonl_fpath') }),
      force: values['force'] === true,
      overwrite: values['overwrite'] === true,
      resume: values['resume_from_cache'] === true,
      judgeFailedOnly: values['judge_failed_only'] === true,
      append,
      inPlace,
      limit: values['limit'] as number | null,
      concurrency: values['num_samples_in_parallel'] as number | null,
      disableAggregation: values['disable_aggregation'] === true,
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
    const code = EXIT[summary.status];
    const out = json ? host.stderr : host.stdout;
    out.write(await api.renderSummary(summary, { width: out.columns ?? 120, color: false, cwd: host.cwd }));
    if (json) host.stdout.write(`${jsonRecord({ type: 'end', summary }, code)!}\n`);
    return code;
  } finally {
    stop.release();
    display.close();
    await lookup.close();
  }
};
