import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { withMcpTools } from '../../src/environments/index.js';
import { startEnvironmentServer } from '../../src/serve/environment/index.js';
import { call, Cleanup, context, cookieOf, counter, post, reply, row } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

async function served() {
  const { environment, sessions } = counter();
  const server = cleanup.add(
    await startEnvironmentServer({ environment, host: '127.0.0.1', port: 0, mcp: true }, context()),
  );
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

/** An MCP server with a counter of its own, as a program for stdio. */
const STDIO_SERVER = `
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
let count = 0;
const server = new McpServer({ name: 'count', version: '1' });
server.registerTool('count', { description: 'counts' }, () => ({ content: [{ type: 'text', text: String(++count) }] }));
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
    expect(environment.tools).toEqual(['add', 'fail', 'count', 'broken']);
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
