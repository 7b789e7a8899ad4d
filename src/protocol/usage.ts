import { isObject } from './json.js';
import type { Json, JsonObject } from './json.js';
import type { Usage } from './responses.js';

/**
 * A token count: a whole number from 0 to 2^53 − 1, else null. An unknown is not 0, and a count that no tokeniser can
 * have counted (1e308) is not known: one such number would make every total of a run meaningless.
 */
export function tokenCount(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function addKnown(a: number | null | undefined, b: number | null | undefined): number | null {
  return typeof a === 'number' && typeof b === 'number' ? a + b : null;
}

/**
 * The sum of two token counts, as a new object. A total that is missing altogether (`null`) adds nothing; a
 * detail that either side does not know makes the sum of that detail unknown (`null`), never a guess.
 */
export function addUsage(total: Usage | null, extra: Usage | null): Usage | null {
  if (total === null || extra === null) return total ?? extra;
  return {
    input_tokens: total.input_tokens + extra.input_tokens,
    input_tokens_details: {
      cached_tokens: addKnown(
        total.input_tokens_details?.cached_tokens,
        extra.input_tokens_details?.cached_tokens,
      ),
    },
    output_tokens: total.output_tokens + extra.output_tokens,
    output_tokens_details: {
      reasoning_tokens: addKnown(
        total.output_tokens_details?.reasoning_tokens,
        extra.output_tokens_details?.reasoning_tokens,
      ),
    },
    total_tokens: total.total_tokens + extra.total_tokens,
  };
}

/**
 * Header by which a client that stores rows asks a served Responses face for usage as it is known, null where the
 * provider did not say. Everybody else gets numbers, because the clients' types have no null there.
 */
export const USAGE_AS_KNOWN = { 'x-ngym-usage': 'as-known' } as const;

/** Usage with every number that OpenAI's schema asks for: 0 where it is not known. Anything but usage is returned as it is. */
export function wholeUsage(value: Json | undefined): Json | undefined {
  if (!isObject(value)) return value;
  const { input_tokens: input, output_tokens: output } = value;
  if (typeof input !== 'number' || typeof output !== 'number') return value;
  return {
    ...value,
    input_tokens_details: withCount(value['input_tokens_details'], 'cached_tokens'),
    output_tokens_details: withCount(value['output_tokens_details'], 'reasoning_tokens'),
    total_tokens: value['total_tokens'] ?? input + output,
  };
}

function withCount(details: Json | undefined, key: string): JsonObject {
  const known = isObject(details) ? details : {};
  return { ...known, [key]: known[key] ?? 0 };
}
