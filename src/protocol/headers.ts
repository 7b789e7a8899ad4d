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

/** What an answer that begins a session says to our own twins: what else can be asked of the server. */
export const SESSION_HEADERS = {
  /** `POST /close` ends the session before its time. */
  close: 'x-ngym-close',
  /** A step with a `_ng_step_request_id` may be asked for twice. */
  stepIds: 'x-ngym-step-ids',
} as const;
