/** Header fields with lower-case names, as `node:http` and undici give them. */
export type HeaderFields = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The first value of a header, or undefined. */
export function header(headers: HeaderFields, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

/** What an answer of our own tool routes says to our own twins beside its body; others need not know. */
export const TOOL_HEADERS = {
  /** The body is a list of content parts, not the tool's own JSON. */
  parts: 'x-ngym-tool-parts',
  /** The call failed; the body has the reason. */
  failed: 'x-ngym-tool-failed',
} as const;
