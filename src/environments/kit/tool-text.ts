import type { z } from 'zod';
import type { ToolResult } from '../../protocol/index.js';

/** A tool's result as text: a string as it is, anything else as compact JSON. */
export function resultText(result: unknown): string {
  if (typeof result === 'string') return result;
  return JSON.stringify(result ?? null);
}

/** The text for arguments that do not fit the tool's schema: the 422 of FastAPI, which models were trained against. */
export function invalidArgumentsText(args: unknown, error: z.ZodError): string {
  const detail = error.issues.map((issue) => {
    const value = at(args, issue.path);
    const missing = issue.path.length > 0 && value === undefined;
    return {
      type: missing ? 'missing' : issue.code,
      loc: ['body', ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))],
      msg: missing ? 'Field required' : issue.message,
      input: value ?? null,
    };
  });
  return JSON.stringify({ detail });
}

/** A call that could not be run, and what the model reads of it. */
export function failed(output: string, status?: number): ToolResult {
  return { output, failed: true, ...(status !== undefined && { status }) };
}

/** Thrown by a tool that answers with this text, under this status over HTTP, and has not done what was asked. */
export class ToolRefusal extends Error {
  constructor(
    readonly status: number,
    text: string,
  ) {
    super(text);
  }
}

/** The text for a tool that threw or took too long. */
export function toolErrorText(message: string): string {
  return JSON.stringify({ error: message });
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  let here: unknown = value;
  for (const part of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Record<PropertyKey, unknown>)[part];
  }
  return here;
}
