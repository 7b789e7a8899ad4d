import path from 'node:path';
import { checkParameters } from '../check-parameters.js';
import type { Run } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { neededText } from '../needed.js';

/** `ng eval profile`: rewards by task and by agent, in two files beside the rollouts. */
export const run: Run = async (invocation) => {
  const { overrides, json, host } = invocation;
  const { profileRollouts, resolveWithoutModel } = await import('../../index.js');
  const resolved = await resolveWithoutModel({ overrides, cwd: host.cwd, env: host.env });
  await checkParameters(invocation, resolved);
  const needed = neededText(invocation, resolved);
  const result = await profileRollouts({
    inputs: path.resolve(host.cwd, needed('--inputs', 'materialized_inputs_jsonl_fpath')),
    rollouts: path.resolve(host.cwd, needed('--rollouts', 'rollouts_jsonl_fpath')),
    allowPartial: resolved.values['allow_partial_rollouts'] === true,
  });
  const { total, found, complete, partial, missing, masked } = result.counts;
  host.stdout.write(
    json
      ? `${JSON.stringify({ counts: result.counts, profile: result.profileFile, agent_metrics: result.agentMetricsFile })}\n`
      : [
          `${found} of ${total} rollouts: ${complete} in complete tasks, ${partial} in partial ones, ${missing} in tasks without any`,
          ...(masked === 0 ? [] : [`${masked} of them are masked: found, and in no metric`]),
          '',
          'Files',
          `  profile by task  ${result.profileFile}`,
          `  agent metrics    ${result.agentMetricsFile}`,
          '',
        ].join('\n'),
  );
  return EXIT.complete;
};
