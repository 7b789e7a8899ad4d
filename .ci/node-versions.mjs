// Plays the packed project on every supported Node version, from recorded answers, and compares what is stored byte by
// byte; then runs the suites whose results must not depend on the engine. The npm packages node-<platform>-<arch> hold
// the binaries; a version that cannot be had is skipped, with its reason.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { emptyFolder, installPacked, root, run } from './lib/packed.mjs';

const MAJORS = [20, 22, 24];
const SUITES = process.env.SKIPS ? ['test/python'] : ['config', 'environments', 'translate', 'metrics', 'python'].map((room) => `test/${room}`);

const folder = emptyFolder('nodes');
const here = { cwd: folder };

/** The binary of a Node version, installed beside the project; undefined with a word on why. */
function nodeBinary(major) {
  const name = `node-${process.platform}-${process.arch}`;
  const place = path.join(folder, `node-${major}`);
  mkdirSync(place);
  writeFileSync(path.join(place, 'package.json'), '{"private":true}');
  try {
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
    run('npm', ['install', ...options, `${name}@${major}`], { cwd: place, timeout: 180_000 });
    const binary = path.join(place, 'node_modules', name, 'bin', 'node');
    run(binary, ['--version']);
    return binary;
  } catch (error) {
    console.log(`skipped: Node ${major} cannot be had (${String(error.message).split('\n')[0]})`);
    return undefined;
  }
}

/** Every shipped environment that comes with an agent and an example: `[environment, agent]`. */
function shipped() {
  const configs = path.join(root, 'configs', 'resources_servers');
  return readdirSync(configs).flatMap((name) => {
    const text = readFileSync(path.join(configs, name, 'configs', `${name}.yaml`), 'utf8');
    const agent = /^(\S+_agent):$/m.exec(text)?.[1];
    return agent === undefined ? [] : [[name, agent]];
  });
}

/** An environment of the user's own: in TypeScript where Node reads that by itself. */
function ownEnvironment(typescript) {
  const file = typescript ? 'own.ts' : 'own.mjs';
  const type = typescript ? ': string' : '';
  writeFileSync(
    path.join(folder, file),
    `import { defineEnvironment, outputText } from 'ngym';
const length = (text${type}) => [...text].length;
export default defineEnvironment({
  name: 'own',
  verify: ({ response }) => ({ reward: 1 / length(outputText(response)) }),
});
`,
  );
  writeFileSync(
    path.join(folder, 'own.yaml'),
    `own:
  resources_servers:
    own: { entrypoint: ${file} }
own_agent:
  responses_api_agents:
    simple_agent:
      resources_server: { type: resources_servers, name: own }
      model_server: { type: responses_api_models, name: policy_model }
`,
  );
  return file;
}

/** Plays one environment from the recording; gives what is stored, and what is reported of it. */
function play(node, config, agent, input) {
  const output = path.join('results', `${agent}.jsonl`);
  const bin = (name) => path.join(folder, 'node_modules', 'ngym', 'bin', `${name}.js`);
  const model = 'responses_api_models/inference_provider/configs/embedded.yaml';
  const args = [
    `+config_paths=[${config},${model}]`,
    `+agent_name=${agent}`,
    `+input_jsonl_fpath=${input}`,
    `+output_jsonl_fpath=${output}`,
    `+replay=${path.join(folder, 'node_modules/ngym/data/recordings/quickstart.jsonl')}`,
  ];
  run(node, [bin('ng_collect_rollouts'), ...args], { ...here, stdio: ['ignore', 'pipe', 'pipe'] });
  const stem = path.join(folder, output.replace('.jsonl', ''));
  const stored = (suffix) => readFileSync(`${stem}${suffix}`, 'utf8');
  return {
    rollouts: stored('.jsonl').split('\n').sort().join('\n'),
    inputs: stored('_materialized_inputs.jsonl'),
    metrics: stored('_aggregate_metrics.json'),
    report: run(node, [bin('ng'), 'eval', 'report', output, '--output-format', 'json'], here),
  };
}

function playAll(node) {
  rmSync(path.join(folder, 'results'), { recursive: true, force: true });
  const strips = run(node, ['-p', 'process.features.typescript ?? ""']).trim() !== '';
  const own = ownEnvironment(strips);
  const mcqa = 'resources_servers/mcqa/data/example.jsonl';
  const all = { 'an environment of one’s own': play(node, 'own.yaml', 'own_agent', mcqa) };
  for (const [name, agent] of shipped()) {
    const place = `resources_servers/${name}`;
    all[name] = play(node, `${place}/configs/${name}.yaml`, agent, `${place}/data/example.jsonl`);
  }
  console.log(`   ${Object.keys(all).length} environments played (own one: ${own})`);
  return all;
}

/** Says what differs, as `environment: file`. */
function differences(first, other) {
  return Object.keys(first).flatMap((name) =>
    Object.keys(first[name])
      .filter((file) => first[name][file] !== other[name][file])
      .map((file) => `${name}: ${file}`),
  );
}

try {
  installPacked(folder);
  const found = MAJORS.map((major) => [major, nodeBinary(major)]).filter(([, node]) => node !== undefined);
  let first;
  for (const [major, node] of found) {
    console.log(`-- ${run(node, ['--version']).trim()}`);
    const played = playAll(node);
    first ??= { major, played };
    const differing = differences(first.played, played);
    if (differing.length > 0) {
      throw new Error(
        `Node ${major} stores something else than Node ${first.major}:\n${differing.join('\n')}`,
      );
    }
    // The Node that runs this has run the whole suite already.
    if (process.versions.node.startsWith(`${major}.`)) continue;
    const PATH = `${path.dirname(node)}${path.delimiter}${process.env.PATH}`;
    const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
    run(node, [vitest, 'run', '--reporter=dot', ...SUITES], {
      cwd: root,
      env: { ...process.env, PATH },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
  }
  console.log(`ok: the same rewards and files on Node ${found.map(([major]) => major).join(', ')}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
