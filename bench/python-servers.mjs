// npm run bench -- python-servers: what a Python server costs beside the same environment in this process.
// Needs NGYM_PYTHON, a Python with nemo-gym; NGYM_BENCH_SERVERS names others than the default ones.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig } from '../dist/config/index.js';
import { buildParts, implementations } from '../dist/graph/index.js';
import { hostServers } from '../dist/serve/index.js';
import { createRedactor, systemClock } from '../dist/transport/index.js';

const SERVERS = (
  process.env.NGYM_BENCH_SERVERS ?? 'mcqa,example_single_tool_call,calendar,circle_count,citation_if'
).split(',');
const VERIFICATIONS = 300;

/** Resident memory in MB and CPU seconds of a process and all below it. */
function costOf(pid) {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,rss=,time=']).toString().trim().split('\n');
  const all = lines.map((line) => line.trim().split(/\s+/));
  const family = new Set([String(pid)]);
  for (let before = 0; before !== family.size;) {
    before = family.size;
    for (const [one, parent] of all) if (family.has(parent)) family.add(one);
  }
  const own = all.filter(([one]) => family.has(one));
  return { mb: own.reduce((sum, [, , rss]) => sum + Number(rss), 0) / 1024 };
}

const call = () => ({
  signal: new AbortController().signal,
  deadline: null,
  episodeId: 'bench',
  rolloutIndex: 0,
  attempts: [],
  onPhase: () => undefined,
});

const reply = {
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  model: 'm',
  status: 'completed',
  parallel_tool_calls: true,
  tool_choice: 'auto',
  tools: [],
  output: [
    {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: 'The answer is \\boxed{B}', annotations: [] }],
    },
  ],
  usage: null,
};

async function verifyMany(environment, row) {
  const begun = performance.now();
  for (let n = 0; n < VERIFICATIONS; n++) {
    const session = await environment.open(row, call());
    await environment.verify(session, row, reply, call());
    await environment.close(session);
  }
  return (performance.now() - begun) / VERIFICATIONS;
}

async function configOf(name, cwd, more = []) {
  const overrides = [
    `+config_paths=[resources_servers/${name}/configs/${name}.yaml,responses_api_models/inference_provider/configs/embedded.yaml]`,
    ...more,
  ];
  return loadConfig({ cwd, env: process.env, overrides, implementations });
}

const services = (resolved) => ({
  clock: systemClock,
  random: Math.random,
  redactor: createRedactor(resolved.namedSecrets()),
});

function rowOf(name, roots) {
  const file = roots.map((root) => path.join(root, `resources_servers/${name}/data/example.jsonl`));
  for (const candidate of file) {
    try {
      return {
        ...JSON.parse(readFileSync(candidate, 'utf8').split('\n')[0]),
        _ng_task_index: 0,
        _ng_rollout_index: 0,
      };
    } catch {
      // In the next root.
    }
  }
  throw new Error(`no example row of ${name}`);
}

async function measureBridge(name, cwd) {
  const resolved = await configOf(name, cwd, [`+python_servers=[${name}]`]);
  const instance = resolved.servers.find(({ type }) => type === 'resources_servers').name;
  const begun = performance.now();
  const hosted = await hostServers(resolved, [instance], {
    ...services(resolved),
    logs: cwd,
    env: process.env,
    cwd,
  });
  const startSeconds = (performance.now() - begun) / 1000;
  try {
    const children = execFileSync('ps', ['-eo', 'pid=,ppid=,args=']).toString().trim().split('\n');
    const pid = children
      .map((line) => line.trim().split(/\s+/))
      .find(([, parent, ...words]) => parent === String(process.pid) && words.includes('app.py'))[0];
    const cpu = () => cpuSeconds(pid);
    const { mb } = costOf(pid);
    const started = cpu();
    const { remoteEnvironment } = await import('../dist/environments/elsewhere.js');
    const server = hosted.resolved.servers.find(({ type }) => type === 'resources_servers');
    const environment = (await remoteEnvironment()).create(name, server.config, services(resolved));
    const row = rowOf(name, resolved.roots);
    const ms = await verifyMany(environment, row);
    const perVerify = ((cpu() - started) * 1000) / VERIFICATIONS;
    await environment.dispose();
    return { start: startSeconds, cpu: started, mb, ms, perVerify };
  } finally {
    await hosted.close(1000);
  }
}

/** CPU of a process so far, to the hundredth. */
function cpuSeconds(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return Number.NaN;
  }
}

async function measureNative(name, cwd) {
  if (!implementations.names('resources_servers').includes(name)) return undefined;
  const resolved = await configOf(name, cwd);
  const server = resolved.servers.find(({ type }) => type === 'resources_servers');
  const begun = performance.now();
  const cpu = process.cpuUsage();
  const parts = await buildParts(resolved, services(resolved), ({ name: one }) => one === server.name);
  const start = (performance.now() - begun) / 1000;
  const environment = parts.environments.get(server.name);
  const row = rowOf(name, resolved.roots);
  const used = process.cpuUsage(cpu);
  const before = process.cpuUsage();
  const ms = await verifyMany(environment, row);
  const { user, system } = process.cpuUsage(before);
  await parts.close();
  return {
    start,
    cpu: (used.user + used.system) / 1e6,
    ms,
    perVerify: (user + system) / 1000 / VERIFICATIONS,
  };
}

export async function run() {
  const cwd = mkdtempSync(path.join(tmpdir(), 'ngym-bench-'));
  const show = (number, digits) => (number === undefined ? '–' : number.toFixed(digits));
  console.log('server\tstart s\tstart CPU s\tmemory MB\tms/verification\tCPU ms/verification');
  try {
    for (const name of SERVERS) {
      const rows = [
        ['Python', await measureBridge(name, cwd)],
        ['native', await measureNative(name, cwd)],
      ];
      for (const [kind, cost] of rows.filter(([, cost]) => cost !== undefined)) {
        const { start, cpu, mb, ms, perVerify } = cost;
        console.log(
          [
            `${name}, ${kind}`,
            show(start, 2),
            show(cpu, 2),
            show(mb, 0),
            show(ms, 2),
            show(perVerify, 2),
          ].join('\t'),
        );
      }
    }
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
