import type { AggregatedShards } from '../../index.js';
import { checkParameters } from '../check-parameters.js';
import type { Run } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { neededText } from '../needed.js';

/** `ng eval aggregate`: metrics over the rollouts files of several runs, and the merged file. */
export const run: Run = async (invocation) => {
  const { overrides, json, host } = invocation;
  const { aggregateRollouts, resolveWithoutModel } = await import('../../index.js');
  const resolved = await resolveWithoutModel({ overrides, cwd: host.cwd, env: host.env });
  await checkParameters(invocation, resolved);
  const needed = neededText(invocation, resolved);
  const result = await aggregateRollouts(resolved, {
    globs: needed('--input-glob', 'input_glob'),
    output: needed('--output', 'output_jsonl_fpath'),
    merge: resolved.values['merge_shards'] !== false,
    cwd: host.cwd,
  });
  for (const file of result.skipped) host.stderr.write(`skipped ${file}: not a rollouts file\n`);
  for (const agent of result.without) {
    host.stderr.write(
      `metrics of ${agent} are without those that its own server computes: no server is asked here; ng eval run does\n`,
    );
  }
  host.stdout.write(json ? `${JSON.stringify(record(result))}\n` : text(result));
  return EXIT.complete;
};

function record({ inputs, skipped, rows, output, metricsFile, agents }: AggregatedShards): object {
  const keyMetrics = Object.fromEntries([...agents].map(([agent, { key_metrics }]) => [agent, key_metrics]));
  return { inputs, skipped, rows, output, metrics: metricsFile, key_metrics: keyMetrics };
}

function text({ inputs, rows, output, metricsFile, agents }: AggregatedShards): string {
  const lines = [
    `${rows} ${rows === 1 ? 'rollout' : 'rollouts'} of ${inputs.length} ${inputs.length === 1 ? 'file' : 'files'}`,
  ];
  for (const [agent, { key_metrics: metrics }] of agents) {
    const width = Math.max(...Object.keys(metrics).map((name) => name.length), 0);
    lines.push('', agent);
    for (const [name, value] of Object.entries(metrics)) {
      lines.push(`  ${name.padEnd(width)}  ${JSON.stringify(value)}`);
    }
  }
  lines.push('', 'Files');
  if (output !== null) lines.push(`  rollouts  ${output}`);
  return [...lines, `  metrics   ${metricsFile}`, ''].join('\n');
}
