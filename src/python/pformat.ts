import { pythonRepr } from './format/python-repr.js';
import type { Lossless } from './lossless-json.js';

const length = (text: string): number => Array.from(text).length;

/** `pprint.pformat(value, width=width, sort_dicts=False)` */
export function pformat(value: Lossless, width: number): string {
  return format(value, { width, indent: 0, allowance: 0, level: 0 });
}

interface Place {
  width: number;
  /** Columns to the left, and characters that must follow on the last line. */
  indent: number;
  allowance: number;
  level: number;
}

function format(value: Lossless, at: Place): string {
  const whole = pythonRepr(value);
  if (length(whole) <= at.width - at.indent - at.allowance) return whole;
  const inner = { ...at, level: at.level + 1 };
  if (value instanceof Map && value.size > 0) return `{${entries(value, inner)}}`;
  if (Array.isArray(value) && value.length > 0) return `[${items(value, inner)}]`;
  if (typeof value === 'string' && value !== '') return text(value, inner);
  return whole;
}

function entries(map: ReadonlyMap<string, Lossless>, at: Place): string {
  const indent = at.indent + 1;
  const parts = [...map].map(([key, value], index) => {
    const name = pythonRepr(key);
    const allowance = index === map.size - 1 ? at.allowance + 1 : 1;
    return `${name}: ${format(value, { ...at, indent: indent + length(name) + 2, allowance })}`;
  });
  return parts.join(`,\n${' '.repeat(indent)}`);
}

function items(list: readonly Lossless[], at: Place): string {
  const indent = at.indent + 1;
  const parts = list.map((value, index) =>
    format(value, { ...at, indent, allowance: index === list.length - 1 ? at.allowance + 1 : 1 }),
  );
  return parts.join(`,\n${' '.repeat(indent)}`);
}

/** A long text in pieces that stand below each other, cut after lines and white space. */
function text(value: string, { width, indent: left, allowance: after, level }: Place): string {
  const indent = level === 1 ? left + 1 : left;
  const allowance = level === 1 ? after + 1 : after;
  const lines = value.match(/[^\n]*\n|[^\n]+/g) ?? [];
  const chunks: string[] = [];
  for (const [i, line] of lines.entries()) {
    const last = i === lines.length - 1;
    const most = width - indent;
    if (length(pythonRepr(line)) <= most - (last ? allowance : 0)) {
      chunks.push(pythonRepr(line));
      continue;
    }
    const words = line.match(/\S+\s*|\s+/g) ?? [];
    let current = '';
    for (const [j, word] of words.entries()) {
      const limit = last && j === words.length - 1 ? most - allowance : most;
      if (length(pythonRepr(current + word)) <= limit) current += word;
      else {
        if (current !== '') chunks.push(pythonRepr(current));
        current = word;
      }
    }
    if (current !== '') chunks.push(pythonRepr(current));
  }
  if (chunks.length === 1) return chunks[0]!;
  const body = chunks.join(`\n${' '.repeat(indent)}`);
  return level === 1 ? `(${body})` : body;
}
