import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AGENT_TYPES } from '../../src/agents/index.js';
import { defineEnvironment, withMcpTools } from '../../src/environments/index.js';
import type { Environment } from '../../src/protocol/index.js';
import { startEnvironmentServer } from '../../src/serve/environment/index.js';
import { remoteEnvironment } from '../../src/environments/remote/remote-definition.js';
import { configuredRows, type McpRows } from '../../src/serve/mcp/index.js';
import { systemClock } from '../../src/transport/index.js';
import { startProvider } from '../support/provider/provider.mjs';
import { modelFor } from './model-support.js';
import { call, Cleanup, context, cookieOf, counter, post, reply, row } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

async function serveMcp(environment: Environment, mcp: McpRows = {}) {
  return cleanup.add(
    await startEnvironmentServer({ environment, host: '127.0.0.1', port: 0, mcp }, context()),
  );
}

async function served() {
  const { environment, sessions } = counter();
  const server = await serveMcp(environment);
  return { server, sessions, url: server.url };
}

async function connect(url: string, headers: Record<string, string> = {}): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers } });
  await client.connect(transport);
  cleanup.after(() => client.close());
  return client;
}

const text = (result: unknown) => (result as { content: { text: string }[] }).content[0]!.text;

describe('an environment’s tools over MCP', () => {
  it('are listed with their schemas, and work on one state per client', async () => {
    const { url, server } = await served();
    const [a, b] = [await connect(url), await connect(url)];
    const { tools } = await a.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['add', 'fail']);
    expect(tools[0]!.inputSchema).toMatchObject({ type: 'object', required: ['amount'] });
    await a.callTool({ name: 'add', arguments: { amount: 2 } });
    expect(text(await a.callTool({ name: 'add', arguments: { amount: 3 } }))).toBe('{"total":5}');
    expect(text(await b.callTool({ name: 'add', arguments: { amount: 1 } }))).toBe('{"total":1}');
    expect(text(await a.callTool({ name: 'nope' }))).toBe('{"detail":"Not Found"}');
    expect(server.sessions()).toBe(2);
  });

  it('belong to the episode of the session cookie, and its verifier sees what they did', async () => {
    const { url } = await served();
    const jar = cookieOf(await post(`${url}/seed_session`, row({ wanted: 4 })));
    const client = await connect(url, jar);
    await client.callTool({ name: 'add', arguments: { amount: 4 } });
    const verdict = await post(`${url}/verify`, { ...row({ wanted: 4 }), response: reply() }, jar);
    expect(verdict.body.reward).toBe(1);
  });

  it('need a session that is ours', async () => {
    const { url } = await served();
    const ask = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
    expect((await post(`${url}/mcp`, ask)).status).toBe(404);
    expect((await post(`${url}/mcp`, ask, { 'mcp-session-id': 'forged.1.x' })).status).toBe(404);
    expect((await post(`${url}/mcp`, [])).status).toBe(422);
  });

  it('are not there unless asked for', async () => {
    const { environment } = counter();
    const server = cleanup.add(
      await startEnvironmentServer({ environment, host: '127.0.0.1', port: 0 }, context()),
    );
    expect((await post(`${server.url}/mcp`, { jsonrpc: '2.0', id: 1, method: 'tools/list' })).status).toBe(
      404,
    );
  });
});

/** Its rows have a required key, which its tool tells. */
function guarded() {
  const opened: unknown[] = [];
  const definition = defineEnvironment({
    name: 'guarded',
    row: z.object({ secret: z.string() }),
    open: ({ secret }) => {
      opened.push(secret);
      return { secret };
    },
    tools: { tell: { run: (session: { secret: string }) => session.secret } },
    verify: ({ response, row: { secret } }) => ({
      reward: JSON.stringify(response).includes(secret) ? 1 : 0,
    }),
  });
  return {
    opened,
    environment: definition.create('guarded', {}, { clock: systemClock, random: Math.random }),
  };
}

function datasetOf(...lines: string[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'ngym-mcp-'));
  cleanup.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'example.jsonl');
  writeFileSync(file, lines.join('\n'));
  return file;
}

describe('an environment whose rows have required keys, for a client without a session of its own', () => {
  const tell = async (url: string, headers: Record<string, string> = {}) => {
    const result = await (await connect(url, headers)).callTool({ name: 'tell' });
    return { text: text(result), isError: result.isError };
  };

  it('lists its tools without a row, and opens nothing for that', async () => {
    const { environment, opened } = guarded();
    const { url } = await serveMcp(environment);
    const { tools } = await (await connect(url)).listTools();
    expect(tools.map(({ name }) => name)).toEqual(['tell']);
    expect(opened).toEqual([]);
  });

  it('says how to give it a row where there is none', async () => {
    const { url } = await serveMcp(guarded().environment);
    const { text: told, isError } = await tell(url);
    expect(isError).toBe(true);
    for (const fix of ['secret', 'x-ngym-row', 'mcp_row', '/seed_session']) expect(told).toContain(fix);
  });

  it('takes the row of the header, else of the configuration, else the first of the example dataset', async () => {
    const dataset = datasetOf('{"secret": "first"}', '', '{"secret": "second"}');
    const { environment } = guarded();
    const { url } = await serveMcp(environment, { dataset });
    expect(await tell(url)).toEqual({ text: 'first', isError: false });
    expect((await tell(url, { 'x-ngym-row': '1' })).text).toBe('second');
    expect((await tell(url, { 'x-ngym-row': '{"secret": "mine"}' })).text).toBe('mine');
    const configured = await serveMcp(guarded().environment, { dataset, row: 1 });
    expect((await tell(configured.url)).text).toBe('second');
    const given = await serveMcp(guarded().environment, { dataset, row: { secret: 'given' } });
    expect((await tell(given.url)).text).toBe('given');
    expect((await tell(given.url, { 'x-ngym-row': '0' })).text).toBe('first');
  });

  it('says what is wrong with a row that was asked for', async () => {
    const { url } = await serveMcp(guarded().environment, { dataset: datasetOf('{"secret": "x"}', '[1]') });
    expect((await tell(url, { 'x-ngym-row': '7' })).text).toContain('has only 2 rows');
    expect((await tell(url, { 'x-ngym-row': '1' })).text).toContain('not an object');
    await expect(connect(url, { 'x-ngym-row': 'first' })).rejects.toThrow('x-ngym-row');
    const bare = await serveMcp(guarded().environment);
    await expect(connect(bare.url, { 'x-ngym-row': '0' })).rejects.toThrow('send the row itself');
  });

  it('opens one episode however many calls come at once, and the verifier has its state', async () => {
    const { environment, opened } = guarded();
    const { url } = await serveMcp(environment, { row: { secret: 'blue' } });
    const client = await connect(url);
    await Promise.all([1, 2, 3].map(() => client.callTool({ name: 'tell' })));
    expect(opened).toEqual(['blue']);
  });

  it('takes its rows from the configuration of a run', async () => {
    const file = datasetOf('{"secret": "from the agent"}');
    const agent = (name: string, datasets: object[]) => ({
      name,
      type: 'responses_api_agents',
      implementation: 'simple_agent',
      config: { resources_server: { type: 'resources_servers', name: 'guarded' }, datasets },
    });
    const server = (config: object) => ({
      name: 'guarded',
      type: 'resources_servers',
      implementation: 'g',
      config,
    });
    const resolved = {
      roots: [path.dirname(file)],
      servers: [
        agent('other', [{ type: 'train', jsonl_fpath: 'missing.jsonl' }]),
        agent('one', [{ type: 'example', jsonl_fpath: path.basename(file) }]),
      ],
    };
    const rows = (config: object) => configuredRows(resolved as never, server(config) as never);
    expect(rows({})).toEqual({ dataset: file });
    expect(rows({ mcp_row: { secret: 'x' } })).toEqual({ dataset: file, row: { secret: 'x' } });
    expect(() => rows({ mcp_row: 'first' })).toThrow('guarded.resources_servers.g.mcp_row');
    const { url } = await serveMcp(guarded().environment, rows({}));
    expect((await tell(url)).text).toBe('from the agent');
  });
});

it('a tool call that fails says so: unknown, with wrong arguments, thrown', async () => {
  const { url } = await served();
  const client = await connect(url);
  for (const [name, args] of [
    ['nope', {}],
    ['add', { amount: 'x' }],
    ['fail', {}],
  ] as const) {
    expect((await client.callTool({ name, arguments: args })).isError, name).toBe(true);
  }
  expect((await client.callTool({ name: 'add', arguments: { amount: 1 } })).isError).toBe(false);
});

/** An MCP server with a counter of its own, as a program for stdio. */
const STDIO_SERVER = `
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
let count = 0;
const server = new McpServer({ name: 'count', version: '1' });
server.registerTool('count', { description: 'counts' }, () => ({ content: [{ type: 'text', text: String(++count) }] }));
server.registerTool('picture', {}, () => ({ content: [
  { type: 'text', text: 'a dot' }, { type: 'image', data: 'aGk=', mimeType: 'image/png' },
] }));
server.registerTool('broken', {}, () => { throw new Error('out of order'); });
await server.connect(new StdioServerTransport());
`;

function stdioServer(): { command: string; args: string[] } {
  // Below the repository, so that the program finds the SDK.
  const folder = mkdtempSync(path.join(import.meta.dirname, '../../node_modules/.mcp-test-'));
  cleanup.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'server.mjs');
  writeFileSync(file, STDIO_SERVER);
  return { command: process.execPath, args: [file] };
}

describe('an environment with the tools of an MCP server', () => {
  it('has them beside its own, over stdio, with a state per episode', async () => {
    const environment = await withMcpTools(counter().environment, stdioServer());
    cleanup.after(() => environment.dispose!());
    const [a, b] = [await environment.open(row(), call()), await environment.open(row(), call())];
    expect(environment.tools).toEqual(['add', 'fail', 'count', 'picture', 'broken']);
    expect(await environment.callTool(a, 'count', {}, call())).toBe('1');
    expect(await environment.callTool(a, 'count', null, call())).toBe('2');
    expect(await environment.callTool(b, 'count', {}, call())).toBe('1');
    expect(await environment.callTool(a, 'add', { amount: 3 }, call())).toBe('{"total":3}');
    expect(await environment.callTool(a, 'broken', {}, call())).toContain('out of order');
    expect(await environment.callTool(a, 'nope', {}, call())).toBe('{"detail":"Not Found"}');
    expect(await environment.callTool(a, 'count', [1], call())).toContain('object of arguments');
    expect(await environment.verify(a, row({ wanted: 3 }), reply(), call())).toMatchObject({ reward: 1 });
    await environment.close(a);
    await environment.close(b);
  });

  it('keeps images as images: for the model, over HTTP to a twin, and over MCP', async () => {
    const environment = await withMcpTools(counter().environment, stdioServer());
    cleanup.after(() => environment.dispose!());
    const parts = [
      { type: 'input_text', text: 'a dot' },
      { type: 'input_image', image_url: 'data:image/png;base64,aGk=', detail: 'auto' },
    ];
    const session = await environment.open(row(), call());
    expect(await environment.callTool(session, 'picture', {}, call())).toEqual(parts);
    await environment.close(session);

    const { url } = await serveMcp(environment);
    const client = await connect(url);
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('picture');
    expect((await client.callTool({ name: 'picture' })).content).toEqual([
      { type: 'text', text: 'a dot' },
      { type: 'image', data: 'aGk=', mimeType: 'image/png' },
    ]);
    expect((await client.callTool({ name: 'broken' })).isError).toBe(true);

    const twin = remoteEnvironment.create(
      'far',
      { base_url: url },
      { clock: systemClock, random: Math.random },
    );
    cleanup.after(() => twin.dispose!());
    const far = await twin.open(row(), call());
    expect(await twin.callTool(far, 'picture', {}, call())).toEqual(parts);
    expect(await twin.runTool!(far, 'broken', {}, call())).toMatchObject({ failed: true });
    expect(await twin.runTool!(far, 'add', { amount: 1 }, call())).toEqual({
      output: '{"total":1}',
      failed: false,
    });
    await twin.close(far);
  });

  it('shows them to the model as images, also where a tool message cannot hold one', async () => {
    const environment = await withMcpTools(counter().environment, stdioServer());
    cleanup.after(() => environment.dispose!());
    const provider = await startProvider();
    cleanup.after(() => provider.close());
    const model = await modelFor('chat', provider.baseUrl);
    cleanup.after(() => model.close());
    const agent = AGENT_TYPES['simple_agent']!.create('player', {}, { clock: systemClock });
    const input = '[tool: picture {}] [answer: seen]';
    const task = row({
      wanted: 0,
      responses_create_params: { input, tools: [{ type: 'function', name: 'picture' }] },
    });
    expect(await agent.run(task, { model, environment, call: call() })).toMatchObject({ status: 'scored' });
    const messages = provider.requests[1]!.body.messages as { role: string; content: unknown }[];
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,aGk=', detail: 'auto' } };
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'user']);
    expect(messages.at(-1)!.content).toContainEqual(image);
  });

  it('lists them before any episode has begun', async () => {
    const environment = await withMcpTools(guarded().environment, stdioServer());
    cleanup.after(() => environment.dispose!());
    const { tools } = await (await connect((await serveMcp(environment)).url)).listTools();
    expect(tools.map(({ name }) => name)).toEqual(['tell', 'count', 'picture', 'broken']);
  });

  it('shares one connection when told to', async () => {
    const environment = await withMcpTools(counter().environment, { ...stdioServer(), shared: true });
    cleanup.after(() => environment.dispose!());
    const [a, b] = [await environment.open(row(), call()), await environment.open(row(), call())];
    await environment.callTool(a, 'count', {}, call());
    await environment.close(a);
    expect(await environment.callTool(b, 'count', {}, call())).toBe('2');
    await environment.close(b);
  });

  it('reaches one over HTTP, which may be one of our own', async () => {
    const { url, sessions } = await served();
    const base = counter('base');
    const environment = await withMcpTools({ ...bare(base.environment), tools: [] }, { url: `${url}/mcp` });
    const session = await environment.open(row(), call());
    expect(await environment.callTool(session, 'add', { amount: 2 }, call())).toBe('{"total":2}');
    expect(environment.declareTools!()).toMatchObject([{ name: 'add' }, { name: 'fail' }]);
    await environment.close(session);
    expect(sessions.opened).toBe(1);
    expect(base.sessions).toEqual({ opened: 1, closed: 1 });
  });

  it('fails to open when the server is not there, and closes what was open', async () => {
    const base = counter();
    const environment = await withMcpTools(base.environment, { url: 'http://127.0.0.1:1/mcp' });
    await expect(environment.open(row(), call())).rejects.toMatchObject({
      kind: 'open_failed',
      retryable: true,
    });
    expect(base.sessions).toEqual({ opened: 1, closed: 1 });
  });

  it('says what is wrong with its block', async () => {
    for (const block of [{}, { url: 'ftp://x' }, { command: 'x', url: 'http://x' }, 'x']) {
      await expect(withMcpTools(counter().environment, block)).rejects.toThrow('mcp_server');
    }
  });
});

/** Without the tools and declarations of its own. */
function bare(environment: ReturnType<typeof counter>['environment']) {
  return {
    name: environment.name,
    tools: [] as string[],
    open: environment.open.bind(environment),
    callTool: environment.callTool.bind(environment),
    verify: environment.verify.bind(environment),
    close: environment.close.bind(environment),
  };
}
