import { JsonText } from './json-number.js';

function entries(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, item]) => item !== undefined);
}

function nested(value: unknown, pad: string | null, step: string): string {
  if (value instanceof JsonText) return value.text;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const array = Array.isArray(value);
  const inner = pad === null ? null : pad + step;
  const parts = array
    ? value.map((item) => nested(item, inner, step))
    : entries(value).map(
        ([key, item]) => `${JSON.stringify(key)}:${inner === null ? '' : ' '}${nested(item, inner, step)}`,
      );
  const [open, close] = array ? ['[', ']'] : ['{', '}'];
  if (parts.length === 0) return open + close;
  return inner === null
    ? `${open}${parts.join(',')}${close}`
    : `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${pad ?? ''}${close}`;
}

/**
 * JSON text in which every {@link JsonText} keeps its own form.
 * @param indent spaces per level; 0 = compact, without spaces, on one line.
 * @param depth the level at which the text will stand; its first line is not moved.
 */
export function writeJson(value: unknown, indent = 0, depth = 0): string {
  const step = ' '.repeat(indent);
  return nested(value, indent === 0 ? null : step.repeat(depth), step);
}

/**
 * One stored row, compact, without the line feed. Looks for {@link JsonText} among the top-level values only, so
 * that a long `response` is printed at native speed: the row writer's form.
 */
export function writeRow(row: Readonly<Record<string, unknown>>): string {
  const parts: string[] = [];
  for (const key of Object.keys(row)) {
    const value = row[key];
    const text = value instanceof JsonText ? value.text : JSON.stringify(value);
    // JSON.stringify gives undefined for undefined and for functions: such keys are left out, as it does itself.
    if (text !== undefined) parts.push(`${JSON.stringify(key)}:${text}`);
  }
  return `{${parts.join(',')}}`;
}
