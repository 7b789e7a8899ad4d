import { performance } from 'node:perf_hooks';

/**
 * What a provider's quota does: refuses above a number of requests at a time, or above requests or tokens in
 * a sliding window. Refusals are 429 with the wait in the asked form.
 *
 * @param {import('./provider.d.mts').Limits} [limits]
 */
export function createLimits(limits = {}) {
  const windowMs = limits.windowMs ?? 60_000;
  let open = 0;
  /** @type {{at: number, tokens: number}[]} */
  let recent = [];

  /** @param {number} waitMs @returns {import('./provider.d.mts').StatusFault} */
  const refusal = (waitMs) => ({
    kind: 'status',
    status: limits.status ?? 429,
    wait: { form: limits.waitForm ?? 'retry-after', ms: Math.ceil(waitMs) },
  });

  return {
    /** @param {import('./provider.d.mts').ReadRequest} request @returns {import('./provider.d.mts').StatusFault | undefined} */
    refuse(request) {
      open += 1;
      if (limits.concurrent !== undefined && open > limits.concurrent) return refusal(limits.waitMs ?? 500);
      if (limits.requests === undefined && limits.tokens === undefined) return undefined;
      const now = performance.now();
      recent = recent.filter(({ at }) => at > now - windowMs);
      const tokens = recent.reduce((sum, entry) => sum + entry.tokens, 0) + request.promptTokens;
      if (recent.length + 1 > (limits.requests ?? Infinity) || tokens > (limits.tokens ?? Infinity)) {
        return refusal(windowMs - (now - (recent[0]?.at ?? now)));
      }
      recent.push({ at: now, tokens: request.promptTokens });
      return undefined;
    },
    /** Frees the place that the request took. */
    release() {
      open -= 1;
    },
  };
}
