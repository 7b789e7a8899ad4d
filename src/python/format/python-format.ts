import { formatValue } from './format-spec.js';
import type { Lossless } from '../lossless-json.js';
import { JsonNumber } from '../lossless-json.js';
import { pythonAscii, pythonRepr, pythonStr } from './python-repr.js';

/** What a format string asks for that cannot be had; the message names the field. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}

/** The field names of a row, looked up by `{name}`. */
export type Fields = ReadonlyMap<string, Lossless>;

const CONVERSIONS: Record<string, (value: Lossless) => string> = {
  r: pythonRepr,
  s: pythonStr,
  a: pythonAscii,
};

/** `[0]` and `[key]` index into lists and objects; JSON values have no attributes. */
function lookUp(path: string, fields: Fields): Lossless {
  const name = /^[^.[]*/.exec(path)![0];
  if (name === '' || /^\d+$/.test(name)) {
    throw new FormatError(`"{${path}}" has no field name: fields are named, as in {question}`);
  }
  let value = fields.get(name);
  if (value === undefined) {
    throw new FormatError(`the row has no field "${name}" (it has: ${[...fields.keys()].join(', ')})`);
  }
  for (let rest = path.slice(name.length); rest !== '';) {
    const step = /^\[([^\]]+)\]/.exec(rest);
    if (step === null) throw new FormatError(`cannot follow "${rest}" in "{${path}}": use [index] or [key]`);
    value = child(value, step[1]!, path);
    rest = rest.slice(step[0].length);
  }
  return value;
}

function child(value: Lossless, key: string, path: string): Lossless {
  let found: Lossless | undefined;
  if (Array.isArray(value) && /^\d+$/.test(key)) found = value[Number(key)];
  else if (typeof value === 'string' && /^\d+$/.test(key)) found = Array.from(value)[Number(key)];
  else if (value instanceof Map) found = value.get(key);
  if (found === undefined) throw new FormatError(`"{${path}}": there is no [${key}]`);
  return found;
}

/** The index of the `}` that closes the field opened just before `start`; nested fields are skipped. */
function fieldEnd(template: string, start: number): number {
  let depth = 0;
  for (let at = start; at < template.length; at += 1) {
    const char = template[at];
    if (char === '[') {
      const close = template.indexOf(']', at);
      if (close > 0 && depth === 0) at = close;
    } else if (char === '{') depth += 1;
    else if (char === '}') {
      if (depth === 0) return at;
      depth -= 1;
    }
  }
  throw new FormatError('"{" is never closed (write "{{" for a literal brace)');
}

function formatField(inner: string, fields: Fields): string {
  const parts = /^((?:\[[^\]]*\]|[^!:[])*)(?:!([^:]*))?(?::([\s\S]*))?$/.exec(inner);
  if (parts === null) throw new FormatError(`"{${inner}}" is not a format field`);
  const [, path = '', conversion, rawSpec = ''] = parts;
  const value = lookUp(path, fields);
  const spec = rawSpec.includes('{') ? formatPython(rawSpec, fields) : rawSpec;
  if (conversion !== undefined) {
    const convert = CONVERSIONS[conversion];
    if (convert === undefined) throw new FormatError(`"{${inner}}": unknown conversion "!${conversion}"`);
    return formatValue(convert(value), spec);
  }
  if (spec === '') return pythonStr(value);
  if (value === null || Array.isArray(value) || value instanceof Map) {
    throw new FormatError(`"{${inner}}": a ${kindOf(value)} takes no format (use {${path}!s:${spec}})`);
  }
  return formatValue(value, spec);
}

function kindOf(value: Lossless): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Map) return 'object';
  return value instanceof JsonNumber ? 'number' : typeof value;
}

/**
 * Fills a template in the syntax of Python's `str.format`: `{field}`, `{field[0]}`, `{field[key]}`, `{field!r}`,
 * `{field:>8}`, `{{` and `}}`. Values that are not strings read as Python's `str()` writes them.
 * Throws {@link FormatError}.
 */
export function formatPython(template: string, fields: Fields): string {
  let out = '';
  for (let at = 0; at < template.length;) {
    const char = template[at]!;
    if (char !== '{' && char !== '}') {
      const next = template.slice(at).search(/[{}]/);
      const end = next < 0 ? template.length : at + next;
      out += template.slice(at, end);
      at = end;
    } else if (template[at + 1] === char) {
      out += char;
      at += 2;
    } else if (char === '}') {
      throw new FormatError('"}" stands alone (write "}}" for a literal brace)');
    } else {
      const end = fieldEnd(template, at + 1);
      out += formatField(template.slice(at + 1, end), fields);
      at = end + 1;
    }
  }
  return out;
}
