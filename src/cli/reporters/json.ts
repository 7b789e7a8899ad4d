import type { RunEvent } from '../../index.js';

/** The records of `--json`: one object per line at start and end of a run; keys in snake case. */
export function jsonRecord(event: RunEvent, exitCode?: number): string | undefined {
  if (event.type !== 'start' && event.type !== 'end') return undefined;
  const content = event.type === 'end' ? { ...event.summary, exitCode } : { ...event, type: undefined };
  return JSON.stringify({ type: event.type, ...(snakeCase(content) as object) });
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
