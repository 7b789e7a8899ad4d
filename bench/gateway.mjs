// CPU per request of the model server against a bare node:http + undici pipe, in the same run: passed through (client
// and provider speak Chat) and translated (client speaks Responses or Messages), whole and streamed.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { Pool } from 'undici';

const ROUNDS = 5;
const CLIENTS = 16;
const question = 'question '.repeat(100);
const chat = { model: 'm', messages: [{ role: 'user', content: question }] };
const bodies = {
  '/v1/chat/completions': chat,
  '/v1/responses': { model: 'm', input: [{ role: 'user', content: question }] },
  '/v1/messages': { ...chat, max_tokens: 1000 },
};

function start(file, ...args) {
  return fork(path.join(import.meta.dirname, 'lib', file), args);
}

/** Microseconds of CPU that the process spent per request. */
async function measure(gateway, url, route, stream, requests) {
  const pool = new Pool(url, { connections: CLIENTS });
  const body = JSON.stringify({ ...bodies[route], ...(stream && { stream: true }) });
  const ask = async () => {
    const reply = await pool.request({
      path: route,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const text = await reply.body.text();
    if (reply.statusCode !== 200 || text.length < 1000) throw new Error(`${route}: ${text.slice(0, 200)}`);
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
  const cpu = async () => {
    gateway.send('cpu');
    const [{ cpu: used }] = await once(gateway, 'message');
    return used.user + used.system;
  };
  const before = await cpu();
  await many(requests);
  const spent = (await cpu()) - before;
  await pool.destroy();
  return spent / requests;
}

const CASES = [
  { name: 'whole, passed through', route: '/v1/chat/completions', stream: false, requests: 2000, aim: 1.5 },
  { name: 'whole, Responses to Chat', route: '/v1/responses', stream: false, requests: 2000, aim: 2.5 },
  { name: 'whole, Messages to Chat', route: '/v1/messages', stream: false, requests: 2000, aim: 2.5 },
  { name: 'stream, passed through', route: '/v1/chat/completions', stream: true, requests: 300, aim: 1.5 },
  { name: 'stream, Responses to Chat', route: '/v1/responses', stream: true, requests: 300, aim: 2.5 },
  { name: 'stream, Messages to Chat', route: '/v1/messages', stream: true, requests: 300, aim: 2.5 },
];

export async function run() {
  const provider = start('gateway-provider.mjs');
  const [{ port }] = await once(provider, 'message');
  const upstream = `http://127.0.0.1:${port}`;
  const bare = start('gateway-process.mjs', 'bare', upstream);
  const [{ url: bareUrl }] = await once(bare, 'message');
  const ours = start('gateway-process.mjs', 'ours', upstream);
  const [{ url: oursUrl }] = await once(ours, 'message');
  const results = [];
  try {
    console.log('case                        bare µs   ours µs   ratio   aim');
    for (const { name, route, stream, requests, aim } of CASES) {
      const rounds = [];
      for (let round = 0; round < ROUNDS; round++) {
        const floor = await measure(bare, bareUrl, '/v1/chat/completions', stream, requests);
        rounds.push({ floor, ours: await measure(ours, oursUrl, route, stream, requests) });
      }
      // The middle round by ratio: one disturbed round does not count.
      rounds.sort((a, b) => a.ours / a.floor - b.ours / b.floor);
      const middle = rounds[Math.floor(ROUNDS / 2)];
      const ratio = middle.ours / middle.floor;
      results.push({ name, bareMicros: middle.floor, oursMicros: middle.ours, ratio, aim });
      console.log(
        `${name.padEnd(26)} ${middle.floor.toFixed(0).padStart(8)} ${middle.ours.toFixed(0).padStart(9)} ` +
          `${ratio.toFixed(2).padStart(7)} ${aim.toFixed(1).padStart(5)}`,
      );
    }
  } finally {
    for (const child of [ours, bare, provider]) child.disconnect();
  }
  return results;
}
