import { characters } from './strings.js';

/** Where a text stops being JSON, in the words of Python's `json` (3.13). */
export interface JsonFault {
  readonly message: string;
  /** Unit: characters (code points) from the start, as Python counts. */
  readonly at: number;
}

class Fault extends Error {
  constructor(
    override readonly message: string,
    readonly index: number,
  ) {
    super(message);
  }
}

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
/** What Python takes besides JSON. */
const WORDS = ['true', 'false', 'null', 'NaN', 'Infinity', '-Infinity'];

/** The first fault of a text; null for what Python's `json.loads` takes (also `NaN` and infinities). */
export function jsonFault(text: string): JsonFault | null {
  try {
    const end = space(text, value(text, space(text, 0)));
    if (end < text.length) throw new Fault('Extra data', end);
    return null;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { message: error.message, at: characters(text.slice(0, error.index)).length };
  }
}

/** `Expecting value: line 1 column 1 (char 0)`, as Python prints it. */
export function describeJsonFault(text: string, { message, at }: JsonFault): string {
  const before = characters(text).slice(0, at);
  const line = before.filter((char) => char === '\n').length + 1;
  const column = at - before.lastIndexOf('\n');
  return `${message}: line ${line} column ${column} (char ${at})`;
}

function space(text: string, at: number): number {
  SPACE.lastIndex = at;
  SPACE.exec(text);
  return SPACE.lastIndex;
}

function value(text: string, at: number): number {
  const char = text[at];
  if (char === '"') return string(text, at);
  if (char === '{') return object(text, at);
  if (char === '[') return array(text, at);
  const word = WORDS.find((each) => text.startsWith(each, at));
  if (word !== undefined) return at + word.length;
  NUMBER.lastIndex = at;
  if (NUMBER.exec(text) === null) throw new Fault('Expecting value', at);
  return NUMBER.lastIndex;
}

function string(text: string, start: number): number {
  let at = start + 1;
  for (;;) {
    PLAIN.lastIndex = at;
    PLAIN.exec(text);
    at = PLAIN.lastIndex;
    const char = text[at];
    if (char === undefined) throw new Fault('Unterminated string starting at', start);
    if (char === '"') return at + 1;
    if (char !== '\\') throw new Fault('Invalid control character at', at);
    const escape = text[at + 1];
    if (escape === undefined) throw new Fault('Unterminated string starting at', start);
    if (escape === 'u') {
      if (!/^[0-9a-fA-F]{4}/.test(text.slice(at + 2, at + 6)))
        throw new Fault('Invalid \\uXXXX escape', at + 1);
      at += 6;
    } else {
      if (!'"\\/bfnrt'.includes(escape)) throw new Fault('Invalid \\escape', at);
      at += 2;
    }
  }
}

function object(text: string, start: number): number {
  let at = space(text, start + 1);
  if (text[at] === '}') return at + 1;
  for (;;) {
    if (text[at] !== '"') throw new Fault('Expecting property name enclosed in double quotes', at);
    at = space(text, string(text, at));
    if (text[at] !== ':') throw new Fault("Expecting ':' delimiter", at);
    at = space(text, value(text, space(text, at + 1)));
    if (text[at] === '}') return at + 1;
    if (text[at] !== ',') throw new Fault("Expecting ',' delimiter", at);
    const comma = at;
    at = space(text, at + 1);
    if (text[at] === '}') throw new Fault('Illegal trailing comma before end of object', comma);
  }
}

function array(text: string, start: number): number {
  let at = space(text, start + 1);
  if (text[at] === ']') return at + 1;
  for (;;) {
    at = space(text, value(text, at));
    if (text[at] === ']') return at + 1;
    if (text[at] !== ',') throw new Fault("Expecting ',' delimiter", at);
    const comma = at;
    at = space(text, at + 1);
    if (text[at] === ']') throw new Fault('Illegal trailing comma before end of array', comma);
  }
}
