import type { JsonObject } from '../../protocol/index.js';

const LENGTH = 600;

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown) => (typeof part === 'object' && part !== null ? (part as JsonObject).text : ''))
    .filter((text) => typeof text === 'string')
    .join(' ');
}

/** The last thing a user says in a request, on one line, at most 600 characters; empty when nobody says anything. */
export function previewOf(row: JsonObject): string {
  const params = row.responses_create_params as JsonObject | null | undefined;
  const input: unknown = params?.input;
  const items = Array.isArray(input) ? (input as (JsonObject | null)[]) : [];
  const said = items.findLast((item) => item?.role === 'user') ?? items.at(-1);
  const text = typeof input === 'string' ? input : textOf(said?.content);
  const line = text
    .slice(0, 4 * LENGTH)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length > LENGTH ? `${line.slice(0, LENGTH - 1)}…` : line;
}
