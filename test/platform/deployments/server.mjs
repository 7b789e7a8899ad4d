/**
 * A model server for the tests of deployments, as small as one can be: `--model <name>` and how it misbehaves. Where it
 * listens is in `PORT`, as the platform tells it, or `--port`.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const words = process.argv.slice(2);
const flag = (name) => (words.includes(name) ? words[words.indexOf(name) + 1] : undefined);
const model = flag('--model') ?? 'tiny';
const port = Number(flag('--port') ?? process.env.PORT);

console.log(`serving ${model}; the token is ${process.env.TOKEN ?? 'nothing'}`);
if (words.includes('--fail')) {
  console.error('CUDA out of memory');
  process.exit(4);
}
/** Its first life is long, all others are short. */
const once = flag('--once');
if (once !== undefined) {
  if (existsSync(once)) process.exit(5);
  writeFileSync(once, '');
}
if (words.includes('--deaf')) process.on('SIGTERM', () => undefined);

function reply(path, body) {
  if (path === '/die') process.exit(3);
  if (path === '/health') return words.includes('--never') ? [503, 'loading'] : [200, 'ok'];
  if (path === '/env') return [200, JSON.stringify(process.env)];
  if (path === '/words') return [200, JSON.stringify(words)];
  if (path === '/v1/models') {
    const adapters = (flag('--adapters') ?? '').split(',').filter((each) => each !== '');
    const data = [{ id: model }, ...adapters.map((id) => ({ id, parent: model, root: id }))];
    return [200, JSON.stringify({ object: 'list', data })];
  }
  if (path === '/v1/chat/completions') {
    const { model: asked, stream } = JSON.parse(body);
    if (stream) {
      const chunk = {
        id: 'c',
        object: 'chat.completion.chunk',
        created: 0,
        model: asked,
        choices: [{ index: 0, delta: { content: `${asked} streams` } }],
      };
      return [200, `data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`];
    }
    const message = { role: 'assistant', content: `${asked} by ${process.pid}` };
    return [
      200,
      JSON.stringify({
        id: 'c',
        object: 'chat.completion',
        created: 0,
        model: asked,
        choices: [{ index: 0, message, finish_reason: 'stop' }],
      }),
    ];
  }
  return [404, 'no such path'];
}

createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    const [status, text] = reply(request.url, body);
    const type = text.startsWith('{')
      ? 'application/json'
      : text.startsWith('data:')
        ? 'text/event-stream'
        : 'text/plain';
    response.writeHead(status, { 'content-type': type });
    response.end(text);
  });
}).listen(port, '127.0.0.1', () => console.log('listening'));
