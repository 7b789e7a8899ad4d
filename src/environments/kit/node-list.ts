import { characters, JsonNumber, pythonRegex, strip, tryLoadsJson } from '../../python/index.js';
import type { Lossless } from '../../python/index.js';

const FINAL_ANSWER = pythonRegex(String.raw`Final Answer:\s*\[(.*)\]`);

/** The names in `Final Answer: [a, b]` on the last line that is not blank; undefined where it is not so written. */
export function readNodes(reply: string, trim: (node: string) => string = strip): string[] | undefined {
  const last = strip(reply)
    .split('\n')
    .findLast((line) => strip(line) !== '');
  const listed = last === undefined ? undefined : FINAL_ANSWER.search(last)?.group(1);
  return listed
    ?.split(',')
    .map((node) => trim(node))
    .filter((node) => node !== '');
}

/**
 * The right nodes, from JSON text: a list's entries, an object's keys, a text's characters. Anything else is none, as is
 * a list that holds lists or objects. A number is no name of a node, but counts as one that was missed.
 */
export function expectedNodes(json: string): ReadonlySet<string> {
  const value = tryLoadsJson(json);
  const entries =
    value instanceof Map ? [...value.keys()] : typeof value === 'string' ? characters(value) : value;
  if (!Array.isArray(entries) || entries.some((one) => Array.isArray(one) || one instanceof Map))
    return new Set();
  return new Set(entries.map(identity));
}

/** A text for each value that is another one to Python's sets; a name of a node is itself. */
function identity(value: Lossless): string {
  if (typeof value === 'string') return value;
  const number = value instanceof JsonNumber ? value.value : value === null ? 'none' : Number(value);
  return `\0${String(number)}`;
}

/** F1 of the nodes named: 1 where none are right and none named, 0 where nothing could be read. */
export function nodesF1(named: readonly string[] | undefined, right: ReadonlySet<string>): number {
  if (named === undefined) return 0;
  const given = new Set(named);
  if (given.size === 0 && right.size === 0) return 1;
  const hits = [...given].filter((node) => right.has(node)).length;
  if (hits === 0) return 0;
  const precision = hits / given.size;
  const recall = hits / right.size;
  return (2 * precision * recall) / (precision + recall);
}
