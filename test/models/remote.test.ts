import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { remoteModel } from '../../src/models/index.js';
import { createRedactor, systemClock } from '../../src/transport/index.js';
import { call, Cleanup } from '../serve/support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

it('asks a model server elsewhere in the dialect of who asks', async () => {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url!);
    const chat = {
      id: 'c',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'hi' } }],
    };
    const reply = { id: 'r', object: 'response', created_at: 1, model: 'm', output: [], usage: null };
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(request.url!.endsWith('/responses') ? reply : chat));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const base_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const services = { clock: systemClock, random: Math.random, redactor: createRedactor([]), roots: [] };
  const model = await (await remoteModel()).create('judge', { base_url }, services);
  cleanup.after(() => model.close());
  const asked = { messages: [{ role: 'user', content: 'hello' }] };
  const answer = await model.exchange!('chat', asked, call());
  expect('text' in answer && JSON.parse(answer.text)).toMatchObject({
    choices: [{ message: { content: 'hi' } }],
  });
  await model.exchange!('responses', { input: 'hello' }, call());
  expect(paths).toEqual(['/v1/chat/completions', '/v1/responses']);
});
