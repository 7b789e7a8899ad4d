// CPU per request of the platform's three routes against a bare node:http + undici pipe, in the same run; then what it
// needs to be ready, and its memory.
import { spawn, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Pool } from 'undici';

const ROUNDS = 7;
const CLIENTS = 16;
const question = 'question '.repeat(100);
const GATEWAY = '/apis/inference-gateway/v2/workspaces/default';
const chat = { model: 'm-1', messages: [{ role: 'user', content: question }] };
const bodies = {
  'v1/chat/completions': chat,
  'v1/messages': { ...chat, max_tokens: 1000 },
};

function start(file, ...args) {
  return fork(path.join(import.meta.dirname, 'lib', file), args);
}

/** Microseconds of CPU that the process spent per request. */
async function measure(child, url, route, rest, stream, requests) {
  const pool = new Pool(url, { connections: CLIENTS });
  const body = JSON.stringify({ ...bodies[rest], ...(stream && { stream: true }) });
  const ask = async () => {
    const reply = await pool.request({
      path: route + rest,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const text = await reply.body.text();
    if (reply.statusCode !== 200 || text.length < 1000)
      throw new Error(`${route}${rest}: ${reply.statusCode} ${text.slice(0, 200)}`);
  };
  const many = async (count) => {
    let left = count;
    await Promise.all(
      Array.from({ length: CLIENTS }, async () => {
        while (left-- > 0) await ask();
      }),
    );
  };
  await many(requests / 4);
  const before = await cpuOf(child);
  await many(requests);
  const spent = (await cpuOf(child)) - before;
  await pool.destroy();
  return spent / requests;
}

async function cpuOf(child) {
  child.send('cpu');
  const [{ cpu }] = await once(child, 'message');
  return cpu.user + cpu.system;
}

const PASSED = 'v1/chat/completions';
const CASES = [
  { name: 'provider, whole', route: `${GATEWAY}/provider/pp/-/`, rest: PASSED, stream: false, aim: 1.5 },
  { name: 'model, whole', route: `${GATEWAY}/model/m-1/-/`, rest: PASSED, stream: false, aim: 1.8 },
  { name: 'openai, whole', route: `${GATEWAY}/openai/-/`, rest: PASSED, stream: false, aim: 1.8 },
  { name: 'translated, whole', route: `${GATEWAY}/openai/-/`, rest: 'v1/messages', stream: false, aim: 2.5 },
  { name: 'provider, stream', route: `${GATEWAY}/provider/pp/-/`, rest: PASSED, stream: true, aim: 1.5 },
  { name: 'openai, stream', route: `${GATEWAY}/openai/-/`, rest: PASSED, stream: true, aim: 1.8 },
  { name: 'translated, stream', route: `${GATEWAY}/openai/-/`, rest: 'v1/messages', stream: true, aim: 2.5 },
];

export async function run() {
  const provider = start('gateway-provider.mjs');
  const [{ port }] = await once(provider, 'message');
  const upstream = `http://127.0.0.1:${port}`;
  const bare = start('gateway-process.mjs', 'bare', upstream);
  const [{ url: bareUrl }] = await once(bare, 'message');
  const ours = start('platform-process.mjs', upstream);
  const [{ url: oursUrl }] = await once(ours, 'message');
  const wanted = process.env.NGYM_BENCH_CASE;
  try {
    console.log('case                        bare µs   ours µs   ratio   aim');
    for (const { name, route, rest, stream, aim } of CASES) {
      if (wanted !== undefined && !name.includes(wanted)) continue;
      const requests = stream ? 300 : 1500;
      const rounds = [];
      for (let round = 0; round < ROUNDS; round++) {
        const floor = await measure(bare, bareUrl, '/', PASSED, stream, requests);
        rounds.push({ floor, ours: await measure(ours, oursUrl, route, rest, stream, requests) });
      }
      // The middle round by ratio: one disturbed round does not count.
      rounds.sort((a, b) => a.ours / a.floor - b.ours / b.floor);
      const middle = rounds[Math.floor(ROUNDS / 2)];
      console.log(
        `${name.padEnd(26)} ${middle.floor.toFixed(0).padStart(8)} ${middle.ours.toFixed(0).padStart(9)} ` +
          `${(middle.ours / middle.floor).toFixed(2).padStart(7)} ${aim.toFixed(1).padStart(5)}`,
      );
    }
  } finally {
    for (const child of [ours, bare, provider]) child.disconnect();
  }
  if (wanted === undefined) await startUp();
}

/** The real program: CPU and time until it is ready, over those of a Node that does nothing, and its memory then. */
async function startUp() {
  const home = mkdtempSync(path.join(tmpdir(), 'ngym-bench-'));
  const ng = path.resolve(import.meta.dirname, '../bin/ng.js');
  const seen = [];
  for (let round = 0; round < 5; round++) {
    const node = await timed([process.execPath, '-e', 'console.log(1)'], home);
    seen.push({ node, ours: await timed([process.execPath, ng, 'platform', 'start', '--port', '0'], home) });
  }
  rmSync(home, { recursive: true, force: true });
  seen.sort((a, b) => a.ours.ms - a.node.ms - (b.ours.ms - b.node.ms));
  const { node, ours } = seen[2];
  console.log(
    `ready after Node's start   ${(ours.ms - node.ms).toFixed(0)} ms (aim 1000), memory ${ours.mib} MiB (aim 120)`,
  );
}

async function timed([program, ...args], home) {
  const begun = performance.now();
  const child = spawn(program, args, {
    env: { HOME: home, PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  const ms = performance.now() - begun;
  let mib = 0;
  try {
    mib = Math.round(
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
    );
  } catch {
    // It has ended, or there is no /proc here.
  }
  child.kill('SIGKILL');
  await once(child, 'close');
  return { ms, mib };
}
