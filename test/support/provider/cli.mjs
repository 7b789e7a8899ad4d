#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { startProvider } from './provider.mjs';

const USAGE = `usage: node test/support/provider/cli.mjs [options]
  --port N            port on 127.0.0.1 (default: any free one)
  --seed N            fate of random faults and latencies (default 1)
  --latency MS        MS, MIN-MAX, or P50,P99 in milliseconds (default 0)
  --token-delay MS    pause before each streamed token
  --fault NAME=RATE   share of requests with that fault; repeatable
  --script A,B,C      faults of the first requests, in order
  --api-key KEY       answer 401 to any other key
  --model NAME        answer 404 to any other model; repeatable
  --concurrent N      answer 429 above N requests at a time
  --rpm N             answer 429 above N requests a minute
  --tpm N             answer 429 above N prompt tokens a minute
  --keep N            requests to remember for GET /_requests (default 1000)
Prints one line {"url", "base_url"} when ready; GET /_stats gives counts; SIGINT or SIGTERM ends it.`;

/** @param {string} text @returns {import('./provider.d.mts').Latency} */
function parseLatency(text) {
  const [min, max] = text.split('-').map(Number);
  if (max !== undefined) return { min: min ?? 0, max };
  const [p50, p99] = text.split(',').map(Number);
  return p99 === undefined ? (p50 ?? 0) : { p50: p50 ?? 0, p99 };
}

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    latency: { type: 'string', default: '0' },
    'token-delay': { type: 'string', default: '0' },
    fault: { type: 'string', multiple: true, default: [] },
    script: { type: 'string' },
    'api-key': { type: 'string' },
    model: { type: 'string', multiple: true },
    concurrent: { type: 'string' },
    rpm: { type: 'string' },
    tpm: { type: 'string' },
    keep: { type: 'string', default: '1000' },
    help: { type: 'boolean' },
  },
});

if (values.help === true) {
  console.log(USAGE);
} else {
  const number = (/** @type {string | undefined} */ text) => (text === undefined ? undefined : Number(text));
  const provider = await startProvider({
    port: Number(values.port),
    seed: Number(values.seed),
    latency: parseLatency(values.latency),
    tokenDelayMs: Number(values['token-delay']),
    rates: Object.fromEntries(values.fault.map((pair) => [pair.split('=')[0], Number(pair.split('=')[1])])),
    script: values.script?.split(','),
    apiKey: values['api-key'],
    models: values.model,
    limits: {
      concurrent: number(values.concurrent),
      requests: number(values.rpm),
      tokens: number(values.tpm),
    },
    keep: Number(values.keep),
  });
  console.log(JSON.stringify({ url: provider.url, base_url: provider.baseUrl }));
  const stop = () => {
    console.error(JSON.stringify(provider.counts()));
    void provider.close().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}
