import { CallFailure, isObject } from '../../../protocol/index.js';
import type { JsonObject } from '../../../protocol/index.js';
import { asLossless, tryLoadsJson, writePython } from '../../../python/index.js';
import type { Lossless } from '../../../python/index.js';
import { schemaFault } from '../../kit/json-schema/check-schema.js';
import type { Schema } from '../../kit/json-schema/problem.js';
import { validate } from '../../kit/json-schema/validate.js';
import { CATEGORY, isMatch } from './categories.js';
import type { Compared } from './categories.js';
import { HARNESSES } from './harnesses.js';
import type { Arguments } from './harnesses.js';

export interface ToolCall {
  readonly name: string;
  readonly arguments: string;
}

/** What calls are compared by. */
export interface Terms {
  readonly harness: string;
  /** How alike texts must be, 0 to 1. */
  readonly least: number;
  readonly schemas: ReadonlyMap<string, JsonObject>;
}

/** The parameters of each declared tool, in the form of either dialect. */
export function schemasOf(tools: readonly unknown[]): Map<string, JsonObject> {
  const schemas = new Map<string, JsonObject>();
  for (const tool of tools.filter(isObject)) {
    const { name, parameters } = isObject(tool['function']) ? tool['function'] : tool;
    if (typeof name === 'string' && isObject(parameters)) schemas.set(name, parameters);
  }
  return schemas;
}

/** Values that the schema wants as lists or objects, and that are texts with such a value in JSON, as those values. */
function unwrapped(given: Map<string, Lossless>, schema: JsonObject): Map<string, Lossless> {
  const { properties } = schema;
  if (!isObject(properties)) return given;
  const wanted = (key: string): unknown => {
    const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
    return isObject(property) ? property['type'] : undefined;
  };
  return new Map(
    [...given].map(([key, value]) => {
      const inner = typeof value === 'string' ? tryLoadsJson(value) : undefined;
      const [isList, isMap] = [Array.isArray(inner), inner instanceof Map];
      const fits = (wanted(key) === 'array' && isList) || (wanted(key) === 'object' && isMap);
      return [key, fits ? inner! : value];
    }),
  );
}

function fitsSchema(given: Map<string, Lossless>, schema: JsonObject): boolean {
  const read = asLossless(schema);
  const fault = schemaFault(read);
  if (fault?.text === null) {
    throw new CallFailure('row_invalid', `a declared tool's schema cannot be used: ${fault.reason}`);
  }
  if (fault !== undefined) return false;
  try {
    return validate(given, read as Schema) === undefined;
  } catch {
    // What the reference's library cannot check counts as not valid there.
    return false;
  }
}

function expectedArguments(text: string): Arguments {
  const read = tryLoadsJson(text);
  if (read instanceof Map) return read;
  throw new CallFailure('row_invalid', 'expected_action: arguments must be the JSON text of an object');
}

/** Compares a call with the expert's. */
export function compareCall(wanted: ToolCall, given: ToolCall, terms: Terms): Compared {
  const expected = expectedArguments(wanted.arguments);
  const decoded = tryLoadsJson(given.arguments);
  if (decoded === undefined) return { category: CATEGORY.decode };
  if (!(decoded instanceof Map)) return { category: CATEGORY.noObject };
  const schema = terms.schemas.get(given.name);
  if (schema === undefined) return { category: CATEGORY.noSchema };
  const args = unwrapped(decoded, schema);
  if (!fitsSchema(args, schema)) return { category: CATEGORY.schema };
  if (wanted.name !== given.name) return { category: CATEGORY.tool };
  if (![...args.keys()].every((key) => expected.has(key))) return { category: CATEGORY.keys };
  const tools = Object.hasOwn(HARNESSES, terms.harness) ? HARNESSES[terms.harness]! : {};
  const compare = Object.hasOwn(tools, wanted.name) ? tools[wanted.name] : undefined;
  return compare?.(expected, args, terms.least) ?? { category: CATEGORY.call };
}

/** Calls by their names and arguments. */
function inOrder(calls: readonly ToolCall[]): ToolCall[] {
  const keyed = calls.map((call) => {
    const args = tryLoadsJson(call.arguments);
    const text = args instanceof Map ? writePython(args, { sorted: true, compact: true }) : call.arguments;
    return { call, text };
  });
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return keyed
    .sort((a, b) => order(a.call.name, b.call.name) || order(a.text, b.text))
    .map(({ call }) => call);
}

/** Compares calls made together with the expert's, in whatever order they come. */
export function compareBatch(
  wanted: readonly ToolCall[],
  given: readonly ToolCall[],
  terms: Terms,
): Compared {
  if (wanted.length !== given.length) return { category: CATEGORY.batchLength };
  const others = inOrder(given);
  for (const [at, call] of inOrder(wanted).entries()) {
    const compared = compareCall(call, others[at]!, terms);
    if (!isMatch(compared)) return compared;
  }
  return { category: CATEGORY.batch };
}
