// The collector against its floor, in one run: rollouts/s, CPU per 1,000 rollouts, peak RSS, time to the first rollout.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { measure, startProvider } from './lib/measure.mjs';
import { WORKLOADS, writeInput } from './lib/workloads.mjs';

const root = path.resolve(import.meta.dirname, '..');

const CASES = [
  { workload: 'mcqa', concurrency: 1, rollouts: 300, latencyMs: 1 },
  { workload: 'mcqa', concurrency: 64, rollouts: 4000, latencyMs: 20 },
  { workload: 'mcqa', concurrency: 1000, rollouts: 8000, latencyMs: 200 },
  { workload: 'five tools', concurrency: 1, rollouts: 100, latencyMs: 1 },
  { workload: 'five tools', concurrency: 64, rollouts: 1500, latencyMs: 20 },
  { workload: 'five tools', concurrency: 1000, rollouts: 3000, latencyMs: 200 },
];

function collectorArgs({ environment, agent }, url, input, output, concurrency) {
  const configs = [
    `resources_servers/${environment}/configs/${environment}.yaml`,
    'responses_api_models/inference_provider/configs/inference_provider.yaml',
  ];
  return [
    path.join(root, 'bin', 'ng_collect_rollouts.js'),
    `+config_paths=[${configs.join(',')}]`,
    `+policy_base_url=${url}/v1`,
    '+policy_api_key=bench',
    '+policy_model_name=mock',
    `+agent_name=${agent}`,
    `+input_jsonl_fpath=${input}`,
    `+output_jsonl_fpath=${output}`,
    `+num_samples_in_parallel=${concurrency}`,
  ];
}

async function runCase({ workload, concurrency, rollouts, latencyMs }) {
  const folder = mkdtempSync(path.join(tmpdir(), 'ngym-bench-'));
  const provider = await startProvider(latencyMs);
  try {
    const spec = WORKLOADS[workload];
    const input = path.join(folder, 'input.jsonl');
    writeInput(input, spec.make, rollouts);
    const run = (name, args) => {
      const output = path.join(folder, `${name}.jsonl`);
      return measure(args(output), {
        output,
        cwd: folder,
        usageFile: path.join(folder, `${name}.usage.json`),
      });
    };
    const floor = await run('floor', (output) => [
      path.join(import.meta.dirname, 'lib', 'floor.mjs'),
      provider.url,
      input,
      output,
      String(concurrency),
    ]);
    const ours = await run('ours', (output) => collectorArgs(spec, provider.url, input, output, concurrency));
    if (ours.rollouts !== rollouts) throw new Error(`${ours.rollouts} of ${rollouts} rollouts were scored`);
    return { workload, concurrency, rollouts, latencyMs, floor, ours };
  } finally {
    provider.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function row(name, { wall, cpuSeconds, peakRssMb, firstLine, rollouts }) {
  return [
    name.padEnd(8),
    (rollouts / wall).toFixed(0).padStart(10),
    ((cpuSeconds / rollouts) * 1000).toFixed(3).padStart(12),
    peakRssMb.toFixed(0).padStart(10),
    firstLine.toFixed(2).padStart(10),
  ].join(' ');
}

/** Runs every case and prints a table; returns the raw figures. */
export async function run() {
  const results = [];
  for (const spec of CASES) {
    const result = await runCase(spec);
    results.push(result);
    const ratio = result.ours.cpuSeconds / result.floor.cpuSeconds;
    console.log(
      `\n${result.workload}, concurrency ${result.concurrency}, ${result.rollouts} rollouts, provider latency ${result.latencyMs} ms`,
    );
    console.log('         rollouts/s  CPU s/1000    RSS MB   first s');
    console.log(row('floor', result.floor));
    console.log(row('ngym', result.ours));
    console.log(`CPU ratio to the floor: ${ratio.toFixed(2)}`);
  }
  return results;
}
