// Plays the packed project on every supported Node version, from recorded answers, and compares what is stored byte by
// byte; then runs the suites whose results must not depend on the engine. The npm packages node-<platform>-<arch> hold
// the binaries; a version that cannot be had is skipped, with its reason.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { emptyFolder, installPacked, root, run } from './lib/packed.mjs';

const MAJORS = [20, 22, 24];
const SUITES = ['config', 'environments', 'translate', 'metrics', 'python'].map((room) => `test/${room}`);

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

/** Played with more than an example and a recorded answer: judges, tables of the reference, a server of MCP, code. */
const NEED_MORE = ['example_mcp_weather', 'litmus_agent', 'widesearch', 'workplace_assistant'];

/** Every shipped environment with an agent and answers to its example: `[environment, agent]`. */
function shipped() {
  const configs = path.join(root, 'configs', 'resources_servers');
  const answered = readdirSync(path.join(root, 'test', 'fixtures', 'example-answers')).map((file) =>
    path.basename(file, '.json'),
  );
  return answered.flatMap((name) => {
    if (NEED_MORE.includes(name)) return [];
    const text = readFileSync(path.join(configs, name, 'configs', `${name}.yaml`), 'utf8');
    const agent = /^(\S+_agent):$/m.exec(text)?.[1];
    return agent === undefined ? [] : [[name, agent]];
  });
}

/** An environment of the user's own, in TypeScript: later versions of Node strip the types themselves. */
function ownEnvironment() {
  writeFileSync(
    path.join(folder, 'own.ts'),
    `import { defineEnvironment, outputText } from 'ngym';
const length = (text: string): number => [...text].length;
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
    own: { entrypoint: own.ts }
own_agent:
  responses_api_agents:
    simple_agent:
      resources_server: { type: resources_servers, name: own }
      model_server: { type: responses_api_models, name: policy_model }
`,
  );
}

const bin = (name) => path.join(folder, 'node_modules', 'ngym', 'bin', `${name}.js`);
const SHIPPED = path.join(folder, 'node_modules', 'ngym', 'data', 'recordings', 'quickstart.jsonl');
const MODELS = 'responses_api_models/inference_provider/configs';

/** Every environment to play: its config, its agent and its rows. */
function scenes() {
  const mcqa = 'resources_servers/mcqa/data/example.jsonl';
  const own = { name: 'own', config: 'own.yaml', agent: 'own_agent', input: mcqa };
  const others = shipped().map(([name, agent]) => {
    const place = `resources_servers/${name}`;
    return { name, agent, config: `${place}/configs/${name}.yaml`, input: `${place}/data/example.jsonl` };
  });
  return [own, ...others];
}

function collect(node, { config, agent, input }, output, { model, values }) {
  const args = [
    `+config_paths=[${config},${MODELS}/${model}.yaml]`,
    `+agent_name=${agent}`,
    `+input_jsonl_fpath=${input}`,
    `+output_jsonl_fpath=${output}`,
    ...values,
  ];
  run(node, [bin('ng_collect_rollouts'), ...args], { ...here, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The recording that an environment is played from: what ships, else one made now with a provider of our own. */
async function recordingOf(node, scene) {
  const shipped = { model: 'embedded', values: [`+replay=${SHIPPED}`] };
  try {
    collect(node, scene, `tried/${scene.name}.jsonl`, shipped);
    return shipped;
  } catch (error) {
    if (error.status !== 3) throw error;
  }
  const file = path.join(folder, `${scene.name}-recording.jsonl`);
  const provider = spawn('node', [path.join(root, 'test', 'support', 'provider', 'cli.mjs')]);
  try {
    const [line] = await once(provider.stdout, 'data');
    const { base_url: url } = JSON.parse(String(line));
    const values = [`+policy_base_url=${url}`, '+policy_api_key=k', '+policy_model_name=m'];
    const model = 'inference_provider';
    collect(node, scene, `recorded/${scene.name}.jsonl`, { model, values: [...values, `+record=${file}`] });
    return { model, values: [...values, `+replay=${file}`] };
  } finally {
    provider.kill();
  }
}

/** Plays one environment from its recording; gives what is stored, and what is reported of it. */
function play(node, scene, recording) {
  const output = path.join('results', `${scene.name}.jsonl`);
  collect(node, scene, output, recording);
  const stem = path.join(folder, output.replace('.jsonl', ''));
  const stored = (suffix) => readFileSync(`${stem}${suffix}`, 'utf8');
  return {
    rollouts: stored('.jsonl').split('\n').sort().join('\n'),
    inputs: stored('_materialized_inputs.jsonl'),
    metrics: stored('_aggregate_metrics.json'),
    report: run(node, [bin('ng'), 'eval', 'report', output, '--output-format', 'json'], here),
  };
}

const recordings = new Map();

async function playAll(node) {
  rmSync(path.join(folder, 'results'), { recursive: true, force: true });
  const all = {};
  for (const scene of scenes()) {
    if (!recordings.has(scene.name)) recordings.set(scene.name, await recordingOf(node, scene));
    all[scene.name] = play(node, scene, recordings.get(scene.name));
  }
  console.log(`   ${Object.keys(all).length} environments played`);
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
  ownEnvironment();
  const found = MAJORS.map((major) => [major, nodeBinary(major)]).filter(([, node]) => node !== undefined);
  let first;
  for (const [major, node] of found) {
    console.log(`-- ${run(node, ['--version']).trim()}`);
    const played = await playAll(node);
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
    run(node, [vitest, 'run', ...SUITES], {
      cwd: root,
      env: { ...process.env, PATH, NO_COLOR: '1' },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
  }
  console.log(`ok: the same rewards and files on Node ${found.map(([major]) => major).join(', ')}`);
} catch (error) {
  // What a program of ours said is in its output; the rest of such an error is the call that started it.
  console.error(`failed: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
