import { errors } from '../../errors/index.js';
import { isObject } from '../../protocol/index.js';
import type { Call, JsonObject, Tool } from '../../protocol/index.js';
import type { McpSettings } from './settings.js';

/** A connection to an MCP server. */
export interface McpConnection {
  readonly tools: readonly Tool[];
  /** The result as text; what the tool calls an error is text too. Throws when the server cannot be asked. */
  call(name: string, args: JsonObject, call: Call, timeoutMs: number): Promise<string>;
  close(): Promise<void>;
}

/** Connects by the official SDK, which is loaded here and is not installed with us. */
export async function connectMcp(settings: McpSettings): Promise<McpConnection> {
  const { Client, transport } = await load(settings);
  const client = new Client({ name: 'ngym', version: '1' });
  await client.connect(transport);
  const { tools } = await client.listTools();
  return {
    tools: tools.map(({ name, description, inputSchema }) => ({
      type: 'function',
      name,
      description: description ?? null,
      parameters: inputSchema as unknown as JsonObject,
      strict: false,
    })),
    async call(name, args, { signal }, timeout) {
      const result = await client.callTool({ name, arguments: args }, undefined, { signal, timeout });
      return resultText(result);
    },
    close: () => client.close(),
  };
}

async function load(settings: McpSettings) {
  try {
    const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
    if ('url' in settings) {
      const { StreamableHTTPClientTransport } =
        await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
      const requestInit = { headers: settings.headers };
      return { Client, transport: new StreamableHTTPClientTransport(new URL(settings.url), { requestInit }) };
    }
    const { StdioClientTransport } = await import('@modelcontextprotocol/sdk/client/stdio.js');
    const { command, args, env, cwd } = settings;
    const given = { command, args, env, ...(cwd !== undefined && { cwd }) };
    return { Client, transport: new StdioClientTransport({ ...given, stderr: 'ignore' }) };
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND' ? errors.mcpSdkMissing() : error;
  }
}

/** Text parts joined by line breaks; a result without any is given as JSON. */
function resultText(result: unknown): string {
  const content = isObject(result) && Array.isArray(result['content']) ? result['content'] : [];
  const texts = content
    .filter(isObject)
    .flatMap(({ type, text }) => (type === 'text' && typeof text === 'string' ? [text] : []));
  if (texts.length > 0 && texts.length === content.length) return texts.join('\n');
  const { structuredContent } = isObject(result) ? result : {};
  return JSON.stringify(structuredContent ?? content);
}
