import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import {
  CallFailure,
  isObject,
  publicMessage,
  type Environment,
  type Json,
  type JsonObject,
  type ToolResult,
} from '../../protocol/index.js';
import { errors } from '../../errors/index.js';
import { HttpError, json, readObject, type Exchange, type Route } from '../http/index.js';
import { runTool } from '../run-tool.js';
import { episodeIdOf, serverCall } from '../server-call.js';
import type { EnvironmentSessions } from '../environment/sessions.js';
import { mcpResult } from './result.js';
import { ROW_HEADER, rowFor, type McpRows } from './rows.js';

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
  readonly rows: McpRows;
}

/**
 * The environment's tools over MCP (streamable HTTP, answers as JSON). The MCP session is the episode's: the value
 * of the session cookie that `/seed_session` gave, sent as cookie or as `Mcp-Session-Id`; a client that brings
 * neither gets an episode of its own, which begins with its first tool call. Throws an NgError when the SDK is not
 * installed.
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
      const session = sessionOf(exchange, parts, message);
      if (message['id'] === undefined) return { status: 202, body: '' };
      return json(await answer(sdk, parts, session, message, exchange));
    },
  };
}

/** The id of the client's session; one that begins gets a promised one. */
function sessionOf(exchange: Exchange, { sessions, rows }: McpParts, message: JsonObject): string {
  const named = exchange.request.headers['mcp-session-id'];
  const id = typeof named === 'string' ? sessions.idNamed(named) : sessions.idOf(exchange);
  if (sessions.has(id)) return id;
  // The protocol's word for a session that is gone: the client begins a new one.
  if (message['method'] !== 'initialize') throw new HttpError(404, { detail: 'No such MCP session' });
  const name = sessions.reserve(rowFor(exchange, rows));
  exchange.headers['mcp-session-id'] = name;
  return sessions.idNamed(name)!;
}

/** One message in, one out: the SDK's server over a transport that is this request. */
async function answer(
  { Server, types }: Sdk,
  parts: McpParts,
  session: string,
  message: JsonObject,
  exchange: Exchange,
): Promise<Json> {
  const { environment } = parts;
  const server = new Server({ name: environment.name, version: '1' }, { capabilities: { tools: {} } });
  server.setRequestHandler(types.ListToolsRequestSchema, async () => ({
    tools: await declared(environment),
  }));
  server.setRequestHandler(types.CallToolRequestSchema, async ({ params }) =>
    mcpResult(await called(parts, session, exchange, params.name, params.arguments ?? {})),
  );
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

/** Calls a tool in the session. What goes wrong is a failed call, with the reason where its result would be. */
async function called(
  { environment, sessions }: McpParts,
  id: string,
  exchange: Exchange,
  name: string,
  args: unknown,
): Promise<ToolResult> {
  try {
    const found = await sessions.opened(exchange, id, (row) =>
      serverCall(exchange, episodeIdOf(row, 'served'), row._ng_rollout_index),
    );
    if (found === null) return failedCall('This session is over: begin a new one');
    const { opened, episodeId, rolloutIndex } = found.session;
    const call = serverCall(exchange, episodeId, rolloutIndex);
    return await sessions.store.use(id, () => runTool(environment, opened, name, args, call));
  } catch (error) {
    if (error instanceof HttpError) return failedCall(JSON.stringify(error.body));
    if (!(error instanceof CallFailure)) throw error;
    return failedCall(error.kind === 'row_invalid' ? `${error.message}${ADVICE}` : publicMessage(error));
  }
}

const ADVICE =
  `. Give the episode a row: as JSON in the header ${ROW_HEADER} when connecting, ` +
  "as mcp_row in the environment's block, or by POST /seed_session, whose cookie then names the session";

function failedCall(output: string): ToolResult {
  return { output, failed: true };
}

async function declared(environment: Environment) {
  const tools = (await environment.listTools?.()) ?? environment.declareTools?.() ?? [];
  const known = new Map(tools.map((tool) => [tool.name, tool]));
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
