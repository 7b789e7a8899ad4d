import type { TokenInfo } from './form.js';

/** The token bundle that a message or item carries, or undefined. A bundle without all three lists is none. */
export function readTokens(holder: Readonly<Record<string, unknown>>): TokenInfo | undefined {
  const { prompt_token_ids, generation_token_ids, generation_log_probs, routed_experts } = holder;
  if (
    !Array.isArray(prompt_token_ids) ||
    !Array.isArray(generation_token_ids) ||
    !Array.isArray(generation_log_probs)
  ) {
    return undefined;
  }
  const tokens: TokenInfo = {
    prompt_token_ids: prompt_token_ids as number[],
    generation_token_ids: generation_token_ids as number[],
    generation_log_probs: generation_log_probs as number[],
  };
  if (routed_experts !== undefined && routed_experts !== null) tokens.routed_experts = routed_experts;
  return tokens;
}
