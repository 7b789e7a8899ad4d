// What the adaptive limit costs and saves against each provider of test/support/limiter/scenarios.mjs: answers as a share
// of the better of no limit ("off") and the best fixed one, share of requests refused, rollouts given up. Simulated in
// virtual time, then over real sockets. NGYM_LIMITER=simulated|sockets: one of them; NGYM_LIMITER_MATCH: only scenarios
// whose name matches; NGYM_LIMITER_SEEDS=1,2,3: seeds of the simulation (default 1).
import { spawn } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import path from 'node:path';
import { fixed, simulate } from '../test/support/limiter/simulate.mjs';
import { SCENARIOS } from '../test/support/limiter/scenarios.mjs';
import { seeded } from '../test/support/limiter/providers.mjs';
import { createController } from '../dist/transport/adaptive/controller.js';
import { attemptsFor, backoffMs, DEFAULT_RETRY } from '../dist/transport/backoff.js';
import { createRedactor, createRetryBudget, createTransport, systemClock } from '../dist/transport/index.js';

const RETRY = { policy: DEFAULT_RETRY, attemptsFor, backoffMs, budget: () => createRetryBudget() };
const WANTED = 1_000;

const add = (all) =>
  all.reduce((sum, one) => {
    for (const key of ['answered', 'sent', 'refused', 'burnt']) sum[key] = (sum[key] ?? 0) + one[key];
    return sum;
  }, {});

function simulated(scenario, seed, make) {
  const random = seeded(seed);
  return add(
    simulate({
      provider: scenario.make(random),
      controllers: Array.from({ length: scenario.clients ?? 1 }, make),
      workers: scenario.wanted ?? WANTED,
      durationMs: scenario.durationMs,
      random,
      retry: RETRY,
    }),
  );
}

function simulateAll(scenario, seed) {
  const wanted = scenario.wanted ?? WANTED;
  const off = simulated(scenario, seed, () => fixed(wanted));
  const best = (scenario.fixed ?? []).map((limit) => simulated(scenario, seed, () => fixed(limit)));
  const ours = simulated(scenario, seed, () => createController({ max: wanted }));
  return { off, best, ours };
}

/** Time that runs `scale` times as fast. */
function fastClock(scale) {
  const epoch = Date.now();
  return {
    now: () => epoch + (performance.now() - started) * scale,
    after: (ms, callback) => systemClock.after(ms / scale, callback),
    turn: systemClock.turn,
    sleep: (ms, signal) => systemClock.sleep(ms / scale, signal),
  };
}
const started = performance.now();

async function startServer(scenario, scale) {
  const file = path.join(import.meta.dirname, 'lib', 'limiter-provider.mjs');
  const child = spawn(process.execPath, [file, scenario.name, '1', String(scale)], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const port = await new Promise((resolve) => child.stdout.once('data', (text) => resolve(Number(text))));
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    counts: async () => (await fetch(`${url}/counts`)).json(),
    stop: () => child.disconnect(),
  };
}

/** One run of so many episodes at a time for the given time. */
async function overSockets(url, { scale, durationMs, wanted }, { adaptive, limit }) {
  const clock = fastClock(scale);
  const transport = createTransport({
    name: 'bench',
    maxConcurrent: limit,
    adaptive,
    clock,
    random: Math.random,
    redactor: createRedactor(),
    retryBudget: createRetryBudget(),
  });
  const request = {
    model: 'bench',
    url: `${url}/v1/chat/completions`,
    endpoint: 'chat/completions',
    headers: {},
    body: '{"model":"m","messages":[]}',
    replaySafe: true,
    read: (body) => body.weight,
  };
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  const totals = { answered: 0, burnt: 0 };
  const end = clock.now() + durationMs;
  const worker = async () => {
    while (!controller.signal.aborted) {
      const call = {
        signal: controller.signal,
        deadline: null,
        episodeId: '0-0',
        rolloutIndex: 0,
        attempts: [],
        onPhase: () => undefined,
      };
      try {
        const { value } = await transport.exchange(request, call);
        if (clock.now() <= end) totals.answered += value;
      } catch {
        if (!controller.signal.aborted) totals.burnt += 1;
      }
    }
  };
  const workers = Array.from({ length: wanted }, worker);
  await new Promise((resolve) => setTimeout(resolve, durationMs / scale));
  controller.abort(new Error('over'));
  await Promise.all(workers);
  await transport.close();
  return totals;
}

async function socketRun(scenario, mode) {
  const spec = { ...scenario.socket, wanted: scenario.socket.wanted ?? scenario.wanted ?? WANTED };
  const server = await startServer(scenario, spec.scale);
  const runs = await Promise.all(
    Array.from({ length: scenario.clients ?? 1 }, () =>
      overSockets(server.url, spec, { limit: spec.wanted, ...mode }),
    ),
  );
  const { requests, refused } = await server.counts();
  server.stop();
  return {
    answered: runs.reduce((sum, { answered }) => sum + answered, 0),
    burnt: runs.reduce((sum, { burnt }) => sum + burnt, 0),
    sent: requests,
    refused,
  };
}

async function socketAll(scenario) {
  const best = [];
  for (const limit of (scenario.fixed ?? []).slice(0, 2))
    best.push(await socketRun(scenario, { adaptive: false, limit }));
  const off = await socketRun(scenario, { adaptive: false });
  const ours = await socketRun(scenario, { adaptive: true });
  return { off, best, ours };
}

function row(name, { off, best, ours }) {
  const most = Math.max(off.answered, ...best.map(({ answered }) => answered));
  const share = ({ answered }) => `${((100 * answered) / most).toFixed(0)} %`;
  const refused = ({ refused, sent }) => `${((100 * refused) / sent).toFixed(1)} %`;
  const cells = [name, share(off), refused(off), off.burnt, share(ours), refused(ours), ours.burnt];
  console.log(`| ${cells.join(' | ')} |`);
  return { name, off, best, ours };
}

function header(title) {
  console.log(`\n${title}\n`);
  console.log(
    '| provider | off: answers | off: refused | off: given up | adaptive: answers | refused | given up |',
  );
  console.log('|---|---|---|---|---|---|---|');
}

export async function run() {
  const only = process.env.NGYM_LIMITER;
  const match = new RegExp(process.env.NGYM_LIMITER_MATCH ?? '');
  const seeds = (process.env.NGYM_LIMITER_SEEDS ?? '1').split(',').map(Number);
  const scenarios = SCENARIOS.filter(({ name }) => match.test(name));
  const results = [];
  if (only !== 'sockets') {
    header('simulated');
    for (const scenario of scenarios)
      for (const seed of seeds) results.push(row(scenario.name, simulateAll(scenario, seed)));
  }
  if (only !== 'simulated') {
    header('over sockets');
    for (const scenario of scenarios.filter(({ socket }) => socket !== undefined))
      results.push(row(scenario.name, await socketAll(scenario)));
  }
  return results;
}
