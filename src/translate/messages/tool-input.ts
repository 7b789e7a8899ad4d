import { isObject } from '../../protocol/index.js';
import type { JsonObject } from '../../protocol/index.js';
import { spacedJson } from './spaced-json.js';

/** The one key that holds arguments that are not a JSON object, which is all that a `tool_use` block can hold. */
const RAW = '_raw';

/** Arguments as the `input` object of a `tool_use` block; `""` is `{}`. */
export function toolInput(args: string): JsonObject {
  if (args.trim() === '') return {};
  try {
    const parsed: unknown = JSON.parse(args);
    if (isObject(parsed)) return parsed;
  } catch {
    // Kept as they are below: what a model wrote is never lost.
  }
  return { [RAW]: args };
}

/** The arguments text of an `input` object; undoes {@link toolInput}. */
export function inputArguments(input: unknown): string {
  if (isObject(input)) {
    const keys = Object.keys(input);
    if (keys.length === 1 && keys[0] === RAW && typeof input[RAW] === 'string') return input[RAW];
  }
  return spacedJson(input ?? {});
}
