import { isObject, type Json, type JsonObject } from '../../../protocol/index.js';
import { Config } from './config.js';
import type { Shipped } from './index.js';

/** Where texts of a conversation are, in any dialect: what steers a request is not looked at. */
const CONTENT: ReadonlySet<string> = new Set([
  'messages',
  'input',
  'instructions',
  'system',
  'prompt',
  'choices',
  'content',
  'output',
]);
/** Beside the texts: identifiers and kinds. */
const FIXED: ReadonlySet<string> = new Set([
  'type',
  'role',
  'id',
  'call_id',
  'tool_call_id',
  'tool_use_id',
  'finish_reason',
  'status',
  'object',
]);

/** `patterns` (JavaScript's regular expressions) become `replacement` in every text of a conversation. */
export const redact: Shipped = () => (given) => {
  const config = new Config(given);
  const patterns = config.texts('patterns').map((source, index) => {
    try {
      return new RegExp(source, config.text('flags', '') === 'i' ? 'giu' : 'gu');
    } catch (error) {
      throw new Error(`patterns[${index}]: ${(error as Error).message}`, { cause: error });
    }
  });
  const replacement = config.text('replacement', '[redacted]');
  config.word('flags', ['', 'i'], '');
  config.done();
  if (patterns.length === 0) throw new Error('patterns must have one at least');
  const clean = (text: string): string =>
    patterns.reduce((rest, pattern) => rest.replace(pattern, () => replacement), text);
  return {
    request({ body }) {
      if (body !== null) cleanIn(body, clean);
    },
    response(reply) {
      cleanIn(reply, clean);
    },
  };
};

function cleanIn(body: JsonObject, clean: (text: string) => string): void {
  for (const [key, value] of Object.entries(body)) {
    if (CONTENT.has(key) && value !== undefined) body[key] = cleaned(value, clean);
  }
}

function cleaned(value: Json, clean: (text: string) => string): Json {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map((item) => cleaned(item, clean));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    FIXED.has(key) || item === undefined ? item : cleaned(item, clean),
  ]);
  return Object.fromEntries(entries) as JsonObject;
}
