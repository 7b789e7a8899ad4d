import type { ContentPart, ToolResult } from '../../protocol/index.js';

type McpPart = { type: 'text'; text: string } | { type: 'image'; data: string; mimeType: string };

/** A tool's result as MCP says it: texts and images stay what they are, a failure is marked. */
export function mcpResult({ output, failed }: ToolResult): { content: McpPart[]; isError: boolean } {
  const content =
    typeof output === 'string' ? [{ type: 'text' as const, text: output }] : output.map(mcpPart);
  return { content, isError: failed };
}

const DATA_URL = /^data:([^;,]+);base64,(.*)$/s;

function mcpPart(part: ContentPart): McpPart {
  const { image_url: url, text } = part;
  const image = typeof url === 'string' ? DATA_URL.exec(url) : null;
  if (image !== null) return { type: 'image', data: image[2]!, mimeType: image[1]! };
  return { type: 'text', text: typeof text === 'string' ? text : JSON.stringify(part) };
}
