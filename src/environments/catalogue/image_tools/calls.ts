import { asLossless, pythonRegex, pythonStr, strip, tryLoadsJson } from '../../../python/index.js';
import type { Lossless } from '../../../python/index.js';
import { Ungradable } from './values.js';
import type { Args } from './values.js';

/** A call of a tool: in the reply's text, or as the row expects it. */
export interface ToolCall {
  name: string;
  args: Args;
}

const XML_CALL = pythonRegex(
  String.raw`<tool_call>\s*<function=([^>\s]+)>\s*(.*?)\s*</function>\s*</tool_call>`,
  { dotAll: true },
);
const PARAMETER = pythonRegex(String.raw`<parameter=([^>\s]+)>\s*(.*?)\s*</parameter>`, { dotAll: true });
const JSON_CALL = pythonRegex(String.raw`<tool_call>\s*(\{.*?\})\s*</tool_call>`, { dotAll: true });

/** Reasons for a call, in words: no part of what it does. */
const WORDS = ['label', 'labels'];

function isTrue(value: Lossless | undefined): value is Lossless {
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map) return value.size > 0;
  if (typeof value === 'object' && value !== null) return value.value !== 0;
  return Boolean(value);
}

/** The calls in a text, those in XML first. `args` is read when it is asked for: the first call alone is graded. */
export function callsIn(text: string): (() => ToolCall)[] {
  const xml = XML_CALL.findTuples(text).map(([name, body]) => () => ({
    name: strip(name!),
    args: withoutWords(
      new Map(
        PARAMETER.findTuples(body!).map(([key, value]) => [
          strip(key!),
          tryLoadsJson(strip(value!)) ?? strip(value!),
        ]),
      ),
    ),
  }));
  const json = JSON_CALL.findAll(text).flatMap((found) => {
    const call = tryLoadsJson(found);
    if (!(call instanceof Map)) return [];
    const name = [call.get('name'), call.get('tool_name')].find(isTrue);
    const args = call.get('arguments');
    return name === undefined
      ? []
      : [() => ({ name: pythonStr(name), args: withoutWords(isTrue(args) ? args : new Map()) })];
  });
  return [...xml, ...json];
}

function withoutWords(args: Lossless): Args {
  if (!(args instanceof Map)) throw new Ungradable('arguments that are no object');
  return new Map([...args].filter(([key]) => !WORDS.includes(key)));
}

/** The call that a row expects, from the first of its keys that has one. */
export function expectedCall(row: {
  expected_action?: unknown;
  metadata?: Readonly<Record<string, unknown>> | null | undefined;
  expected_answer?: string | null | undefined;
}): ToolCall | undefined {
  const places = [
    asLossless(row.expected_action ?? null),
    asLossless(row.metadata?.['expected_action'] ?? null),
    tryLoadsJson(row.expected_answer ?? '') ?? null,
  ];
  for (const call of places) {
    const name = call instanceof Map ? call.get('name') : undefined;
    if (!(call instanceof Map) || !isTrue(name)) continue;
    const given = call.get('arguments');
    const args = typeof given === 'string' ? tryLoadsJson(given) : given;
    return { name: pythonStr(name), args: withoutWords(args instanceof Map ? args : new Map()) };
  }
  return undefined;
}
