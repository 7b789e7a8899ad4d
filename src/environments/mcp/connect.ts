import { errors } from '../../errors/index.js';
import { isObject } from '../../protocol/index.js';
import type { Call, ContentPart, JsonObject, Tool, ToolResult } from '../../protocol/index.js';
import type { McpSettings } from './settings.js';

/** A connection to an MCP server. */
export interface McpConnection {
  readonly tools: readonly Tool[];
  /** The result as text, or as parts when there are images in it. Throws when the server cannot be asked. */
  call(name: string, args: JsonObject, call: Call, timeoutMs: number): Promise<ToolResult>;
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
      return toolResult(result);
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

function toolResult(result: unknown): ToolResult {
  const given = isObject(result) ? result : {};
  const content = (Array.isArray(given['content']) ? given['content'] : []).filter(isObject);
  const images = content.map(imageUrl);
  const failed = given['isError'] === true;
  if (images.every((url) => url === undefined)) return { output: resultText(given, content), failed };
  return { output: content.map((part, i) => contentPart(part, images[i])), failed };
}

/** Text parts joined by line breaks; a result without any is given as JSON. */
function resultText({ structuredContent }: JsonObject, content: readonly JsonObject[]): string {
  const texts = content.flatMap(({ type, text }) =>
    type === 'text' && typeof text === 'string' ? [text] : [],
  );
  if (texts.length > 0 && texts.length === content.length) return texts.join('\n');
  return JSON.stringify(structuredContent ?? content);
}

/** The image that a part is, as a data URL; undefined for everything else. */
function imageUrl({ type, data, mimeType, resource }: JsonObject): string | undefined {
  if (type === 'image' && typeof data === 'string' && typeof mimeType === 'string') {
    return `data:${mimeType};base64,${data}`;
  }
  const { blob, mimeType: kind } = isObject(resource) ? resource : {};
  const image = typeof blob === 'string' && typeof kind === 'string' && kind.startsWith('image/');
  return image ? `data:${kind};base64,${blob}` : undefined;
}

function contentPart(part: JsonObject, image: string | undefined): ContentPart {
  if (image !== undefined) return { type: 'input_image', image_url: image, detail: 'auto' };
  const { type, text } = part;
  return {
    type: 'input_text',
    text: type === 'text' && typeof text === 'string' ? text : JSON.stringify(part),
  };
}
