import type { JsonObject } from '../protocol/index.js';
import { CallFailure, isObject } from '../protocol/index.js';
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

function missing(what: string): CallFailure {
  return new CallFailure('token_ids_missing', `token ids were asked for, but the reply has ${what}`, {
    retryable: false,
  });
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number');
}

/** `token_id:123` → 123, as vLLM writes tokens under `return_tokens_as_token_ids`. */
function tokenId(token: unknown): number {
  const found = typeof token === 'string' ? /^token_id:(\d+)$/.exec(token) : null;
  if (found === null) throw missing('a log-probability without a token id');
  return Number(found[1]);
}

function checked(tokens: TokenInfo): TokenInfo {
  const { prompt_token_ids, generation_token_ids, generation_log_probs } = tokens;
  if (!isNumbers(prompt_token_ids) || !isNumbers(generation_token_ids) || !isNumbers(generation_log_probs)) {
    throw missing('lists that do not hold numbers only');
  }
  if (generation_token_ids.length !== generation_log_probs.length) {
    throw missing('unequal numbers of generated tokens and log-probabilities');
  }
  return tokens;
}

function fromLogprobs(choice: JsonObject): { ids: number[]; logProbs: number[] } {
  const logprobs = choice['logprobs'];
  const content = isObject(logprobs) ? logprobs['content'] : undefined;
  if (!Array.isArray(content)) throw missing('no log-probabilities');
  const ids: number[] = [];
  const logProbs: number[] = [];
  for (const entry of content) {
    if (!isObject(entry) || typeof entry['logprob'] !== 'number')
      throw missing('a token without a log-probability');
    ids.push(tokenId(entry['token']));
    logProbs.push(entry['logprob']);
  }
  return { ids, logProbs };
}

function disagrees(a: readonly number[], b: readonly number[]): boolean {
  return a.length !== b.length || a.some((id, i) => id !== b[i]);
}

/**
 * The token bundle of a Chat reply of the vLLM family: the one on the message, else the one made of
 * `logprobs`, `prompt_token_ids` and `token_ids`. Throws {@link CallFailure} `token_ids_missing` when it is not
 * complete or contradicts itself.
 *
 * @param promptIds prompt ids found another way (`/tokenize`), for engines that do not return them
 */
export function captureTokens(
  body: JsonObject,
  choice: JsonObject,
  message: JsonObject,
  promptIds?: readonly number[],
): TokenInfo {
  const onMessage = readTokens(message);
  const sampled = choice['token_ids'];
  if (onMessage !== undefined) {
    if (isNumbers(sampled) && disagrees(sampled, onMessage.generation_token_ids)) {
      throw missing('two different lists of generated tokens');
    }
    return checked(onMessage);
  }
  if (['prompt_token_ids', 'generation_token_ids', 'generation_log_probs'].some((key) => key in message)) {
    throw missing('only part of the token lists');
  }
  const { ids, logProbs } = fromLogprobs(choice);
  if (isNumbers(sampled) && disagrees(sampled, ids)) throw missing('two different lists of generated tokens');
  const prompt = isNumbers(body['prompt_token_ids']) ? body['prompt_token_ids'] : promptIds;
  if (prompt === undefined) throw missing('no prompt token ids');
  return checked({
    prompt_token_ids: [...prompt],
    generation_token_ids: ids,
    generation_log_probs: logProbs,
  });
}

/** What a Chat request has to ask for so that {@link captureTokens} finds everything. */
export function askForTokens(body: Record<string, unknown>, promptIdsToo: boolean): void {
  body['logprobs'] = true;
  body['top_logprobs'] = 0;
  body['return_tokens_as_token_ids'] = true;
  if (promptIdsToo) body['return_token_ids'] = true;
}
