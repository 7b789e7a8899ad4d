// What stands between client and provider, in a process of its own: `bare` is a pipe of node:http and undici that
// reads nothing; `ours` is the model server that ng_run starts. Usage: node gateway-process.mjs <mode> <provider url>
import http from 'node:http';
import { Pool } from 'undici';

const [mode, provider] = process.argv.slice(2);

process.on('message', (message) => {
  if (message === 'cpu') process.send({ cpu: process.cpuUsage() });
});
process.on('disconnect', () => process.exit(0));

if (mode === 'bare') {
  const pool = new Pool(provider, { connections: 1000 });
  const server = http.createServer(async (request, response) => {
    const { statusCode, headers, body } = await pool.request({
      path: request.url,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: request,
    });
    response.writeHead(statusCode, { 'content-type': headers['content-type'] });
    body.pipe(response);
  });
  server.listen(0, '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${server.address().port}` }));
} else {
  const { resolveConfig, startServers } = await import('../../dist/index.js');
  const resolved = await resolveConfig({
    overrides: [
      '+config_paths=[responses_api_models/inference_provider/configs/inference_provider.yaml]',
      `+policy_base_url=${provider}/v1`,
      '+policy_api_key=none',
      '+policy_model_name=mock',
      '++head_server.port=0',
    ],
    cwd: process.cwd(),
    env: {},
  });
  const { instances } = await startServers(resolved);
  process.send({ url: instances[0].url });
}
