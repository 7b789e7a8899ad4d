// A modelled provider (test/support/limiter) as an HTTP server in a process of its own. Usage: node limiter-provider.mjs
// <scenario> <seed> <scale>; prints its port. Its time runs `scale` times as fast as the clock on the wall.
import http from 'node:http';
import { seeded } from '../../test/support/limiter/providers.mjs';
import { SCENARIOS } from '../../test/support/limiter/scenarios.mjs';

const [name, seed, scale] = process.argv.slice(2);
const scenario = SCENARIOS.find((one) => one.name === name);
const provider = (scenario.socket.make ?? scenario.make)(seeded(Number(seed)));
const started = performance.now();
const now = () => (performance.now() - started) * Number(scale);

const STATUS = { ok: 200, refused: 429, overloaded: 503, failed: 500 };
const counts = { requests: 0, refused: 0 };

const server = http.createServer((request, response) => {
  if (request.url === '/counts') {
    response.end(JSON.stringify(counts));
    return;
  }
  request.resume();
  request.on('end', () => {
    const fate = provider.arrive(now());
    counts.requests += 1;
    if (fate.result === 'refused') counts.refused += 1;
    setTimeout(
      () => {
        if (fate.result === 'ok') provider.leave(now());
        const body =
          fate.result === 'ok'
            ? JSON.stringify({ weight: fate.weight ?? 1 })
            : JSON.stringify({ error: { message: fate.result } });
        response.writeHead(STATUS[fate.result], {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          ...(fate.retryAfterMs !== undefined && { 'retry-after-ms': String(Math.ceil(fate.retryAfterMs)) }),
        });
        response.end(body);
      },
      fate.latencyMs / Number(scale),
    );
  });
});
server.keepAliveTimeout = 60_000;
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => console.log(server.address().port));
process.on('disconnect', () => process.exit(0));
