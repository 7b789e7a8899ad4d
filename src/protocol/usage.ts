import type { Usage } from './responses.js';

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
