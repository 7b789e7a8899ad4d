import type { Json, JsonObject } from '../../protocol/index.js';
import { CallFailure, isObject } from '../../protocol/index.js';

function missing(what: string): CallFailure {
  return new CallFailure('token_ids_missing', `return_token_id_information is on, but ${what}`, {
    retryable: true,
  });
}

function intList(value: Json | undefined): number[] | undefined {
  return Array.isArray(value) && value.every((id) => Number.isInteger(id)) ? (value as number[]) : undefined;
}

function sameList(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/** Sampled ids and log-probabilities from `logprobs.content`, whose tokens read `token_id:<n>`. */
function sampled(choice: JsonObject): { ids: number[]; logProbs: number[] } {
  const content = isObject(choice['logprobs']) ? choice['logprobs']['content'] : undefined;
  if (!Array.isArray(content)) throw missing('the reply has no logprobs');
  const ids: number[] = [];
  const logProbs: number[] = [];
  for (const entry of content) {
    const id =
      isObject(entry) && typeof entry['token'] === 'string' ? /^token_id:(\d+)$/.exec(entry['token']) : null;
    if (id === null) throw missing('a token of the reply is not of the form token_id:<n>');
    const logProb = isObject(entry) ? entry['logprob'] : undefined;
    if (typeof logProb !== 'number') throw missing('a token of the reply has no log-probability');
    ids.push(Number(id[1]));
    logProbs.push(logProb);
  }
  return { ids, logProbs };
}

const BUNDLE = ['prompt_token_ids', 'generation_token_ids', 'generation_log_probs'] as const;

/** A bundle that the server put on the message itself; all three lists or none. */
function bundleOf(message: JsonObject): boolean {
  const present = BUNDLE.filter((key) => message[key] !== undefined && message[key] !== null);
  if (present.length === 0) return false;
  if (present.length < BUNDLE.length) throw missing(`the message has only ${present.join(' and ')}`);
  const [prompt, generated, logProbs] = BUNDLE.map((key) => message[key]);
  if (intList(prompt) === undefined) throw missing('prompt_token_ids is not a list of whole numbers');
  const ids = intList(generated);
  if (ids === undefined) throw missing('generation_token_ids is not a list of whole numbers');
  if (!Array.isArray(logProbs) || logProbs.length !== ids.length) {
    throw missing('generation_token_ids and generation_log_probs differ in length');
  }
  return true;
}

export interface Captured {
  /** The prompt's ids are not in the reply: ask the engine's tokenizer and give them to `complete`. */
  needsPromptIds: boolean;
  /** The chat reply with the bundle on its message and without the raw token fields. */
  complete(promptIds?: readonly number[]): JsonObject;
}

/**
 * The exact tokens of a vLLM chat reply, moved to where the Responses reply takes them from. A partial or
 * contradictory set is a failure `token_ids_missing`, never a row without a training signal.
 */
export function captureTokens(reply: JsonObject): Captured {
  const choice = Array.isArray(reply['choices']) ? reply['choices'][0] : undefined;
  const message = isObject(choice) ? choice['message'] : undefined;
  // What is not a chat reply at all is judged by the translator.
  if (!isObject(choice) || !isObject(message)) return { needsPromptIds: false, complete: () => reply };
  const promptIds = intList(reply['prompt_token_ids']);
  const tokenIds = intList(choice['token_ids']);
  if ((promptIds === undefined) !== (tokenIds === undefined)) {
    throw missing('the reply has only one of prompt_token_ids and token_ids');
  }
  if (bundleOf(message)) {
    const disagrees =
      promptIds !== undefined &&
      tokenIds !== undefined &&
      !(
        sameList(promptIds, message['prompt_token_ids'] as number[]) &&
        sameList(tokenIds, message['generation_token_ids'] as number[])
      );
    if (disagrees) throw missing('the token ids of the message and of the reply disagree');
    return { needsPromptIds: false, complete: () => withoutRaw(reply, choice, message) };
  }
  const { ids, logProbs } = sampled(choice);
  if (tokenIds !== undefined && !sameList(tokenIds, ids)) throw missing('token_ids and logprobs disagree');
  return {
    needsPromptIds: promptIds === undefined,
    complete(fetched = promptIds) {
      if (fetched === undefined) throw missing('the ids of the prompt are not known');
      return withoutRaw(reply, choice, {
        ...message,
        prompt_token_ids: [...fetched],
        generation_token_ids: ids,
        generation_log_probs: logProbs,
      });
    },
  };
}

function without(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

function withoutRaw(reply: JsonObject, choice: JsonObject, message: JsonObject): JsonObject {
  const plain = without(choice, ['logprobs', 'token_ids']);
  return { ...without(reply, ['prompt_token_ids']), choices: [{ ...plain, message }] };
}
