// The platform in front of one provider, in a process of its own; tells its CPU when asked.
import { randomBytes } from 'node:crypto';
import { openDatabase } from '../../dist/store/index.js';
import { startPlatform } from '../../dist/platform/index.js';

const [upstream] = process.argv.slice(2);
const database = await openDatabase(':memory:');
const platform = await startPlatform({
  database,
  masterKeys: [{ id: 'bench', key: randomBytes(32) }],
  host: '127.0.0.1',
  port: 0,
  token: null,
  revision: 'bench',
  discovery: false,
});
const put = async (path, method, body) => {
  const reply = await fetch(`${platform.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!reply.ok) throw new Error(await reply.text());
};
const models = '/apis/models/v2/workspaces/default';
await put('/apis/secrets/v2/workspaces/default/secrets', 'POST', { name: 'key', value: 'sk-bench' });
await put(`${models}/providers`, 'POST', {
  name: 'pp',
  host_url: upstream,
  api_key_secret_name: 'key',
  status: 'READY',
});
await put(`${models}/models`, 'POST', { name: 'm-1', backend_format: 'OPENAI_CHAT' });
await put(`${models}/providers/pp/status`, 'PUT', {
  status: 'READY',
  served_models: [{ model_entity_id: 'default/m-1', served_model_name: 'm' }],
});
await put('/apis/inference-gateway/v2/workspaces/default/virtual-models', 'POST', {
  name: 'm-1',
  default_model_entity: 'default/m-1',
});
process.on('message', (asked) => {
  if (asked === 'cpu') process.send({ cpu: process.cpuUsage() });
});
process.on('disconnect', () => process.exit());
process.send({ url: platform.url });
