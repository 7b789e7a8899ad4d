import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { isObject, type Environment, type Json, type JsonObject } from '../../protocol/index.js';
import { errors } from '../../errors/index.js';
import { HttpError, json, readObject, type Exchange, type Route } from '../http/index.js';
import { asRow, serverCall } from '../server-call.js';
import type { EnvironmentSessions, Found } from '../environment/sessions.js';

type Sdk = Awaited<ReturnType<typeof loadSdk>>;

async function loadSdk() {
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- see below
    const [{ Server }, types] = await Promise.all([
      import('@modelcontextprotocol/sdk/server/index.js'),
      import('@modelcontextprotocol/sdk/types.js'),
    ]);
    return { Server, types };
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND' ? errors.mcpSdkMissing() : error;
  }
}

interface McpParts {
  readonly environment: Environment;
  readonly sessions: EnvironmentSessions;
  readonly maxBodyBytes: number;
}

/**
 * The environment's tools over MCP (streamable HTTP, answers as JSON). The MCP session is the episode's: the value
 * of the session cookie that `/seed_session` gave, sent as cookie or as `Mcp-Session-Id`; a client that brings
 * neither gets an episode of its own. Throws an NgError when the SDK is not installed.
 */
export async function mcpRoute(parts: McpParts): Promise<Route> {
  const sdk = await loadSdk();
  return {
    method: 'POST',
    path: '/mcp',
    summary: 'The tools of the environment over the Model Context Protocol',
    accepts: { type: 'object', required: ['jsonrpc'] },
    returns: { type: 'object', required: ['jsonrpc'] },
    async handle(exchange) {
      const message = await readObject(exchange.request, parts.maxBodyBytes);
      const found = await sessionOf(exchange, parts, message);
      if (message['id'] === undefined) return { status: 202, body: '' };
      return json(await answer(sdk, parts.environment, found, message, exchange));
    },
  };
}

async function sessionOf(exchange: Exchange, { sessions }: McpParts, message: JsonObject): Promise<Found> {
  const named = exchange.request.headers['mcp-session-id'];
  const live = typeof named === 'string' ? sessions.named(named) : sessions.find(exchange);
  if (live !== null) return live;
  // The protocol's word for a session that is gone: the client begins a new one.
  if (message['method'] !== 'initialize') throw new HttpError(404, { detail: 'No such MCP session' });
  const row = asRow({ responses_create_params: { input: [] } });
  const opened = await sessions.open(exchange, row, serverCall(exchange, 'served'));
  exchange.headers['mcp-session-id'] = sessions.nameOf(opened);
  return opened;
}

/** One message in, one out: the SDK's server over a transport that is this request. */
async function answer(
  { Server, types }: Sdk,
  environment: Environment,
  { session }: Found,
  message: JsonObject,
  exchange: Exchange,
): Promise<Json> {
  const server = new Server({ name: environment.name, version: '1' }, { capabilities: { tools: {} } });
  server.setRequestHandler(types.ListToolsRequestSchema, () => ({ tools: declared(environment) }));
  server.setRequestHandler(types.CallToolRequestSchema, async ({ params }) => {
    const call = serverCall(exchange, session.episodeId, session.rolloutIndex);
    const text = await environment.callTool(session.opened, params.name, params.arguments ?? {}, call);
    return { content: [{ type: 'text' as const, text }] };
  });
  let reply: (message: Json) => void = () => undefined;
  const replied = new Promise<Json>((resolve) => (reply = resolve));
  const transport = {
    onmessage: undefined as ((message: JSONRPCMessage) => void) | undefined,
    start: () => Promise.resolve(),
    close: () => Promise.resolve(),
    send: (sent: JSONRPCMessage) => {
      reply(sent as unknown as Json);
      return Promise.resolve();
    },
  };
  await server.connect(transport);
  try {
    transport.onmessage?.(message as unknown as JSONRPCMessage);
    return await replied;
  } finally {
    await server.close();
  }
}

function declared(environment: Environment) {
  const known = new Map((environment.declareTools?.() ?? []).map((tool) => [tool.name, tool]));
  return environment.tools.map((name) => {
    const { description, parameters } = known.get(name) ?? {};
    const schema = isObject(parameters) ? parameters : {};
    return {
      name,
      ...(typeof description === 'string' && { description }),
      inputSchema: { ...schema, type: 'object' as const },
    };
  });
}
