import type { RunEvent } from '../../index.js';

/**
 * The records of `--json`: one object per line at start and end of a run, and when it begins and ends to wait for
 * something that is out; keys in snake case.
 */
export function jsonRecord(event: RunEvent, exitCode?: number): string | undefined {
  const content = contentOf(event, exitCode);
  return content === undefined
    ? undefined
    : JSON.stringify({ type: event.type, ...(snakeCase(content) as object) });
}

function contentOf(event: RunEvent, exitCode: number | undefined): object | undefined {
  switch (event.type) {
    case 'end':
      return { ...event.summary, exitCode };
    case 'waiting':
      return { ...event.waiting, maxSeconds: event.maxSeconds };
    case 'start':
    case 'resumed':
      return { ...event, type: undefined };
    default:
      return undefined;
  }
}

function snakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([key, field]) => [
        key.replace(/[A-Z]+(?=[A-Z][a-z]|$)|[A-Z]/g, (letters) => `_${letters.toLowerCase()}`),
        snakeCase(field),
      ]),
  );
}
