import type { Json, JsonObject } from '../../protocol/index.js';
import { CallFailure, isObject } from '../../protocol/index.js';

/** Chat fields that `/completions` takes under the same name. */
const SAME = [
  'max_tokens',
  'temperature',
  'top_p',
  'n',
  'seed',
  'stop',
  'frequency_penalty',
  'presence_penalty',
  'logit_bias',
  'response_format',
  'user',
];

function refuse(part: string, reason: string): CallFailure {
  return new CallFailure('untranslatable', `${part}: ${reason}`, { status: 400, retryable: false });
}

function plainText(content: Json | undefined): string {
  if (typeof content === 'string') return content;
  if (content === null || content === undefined) return '';
  if (!Array.isArray(content)) throw refuse('messages', 'the content is neither text nor a list of parts');
  return content
    .map((part) => {
      if (isObject(part) && typeof part['text'] === 'string') return part['text'];
      throw refuse('messages', 'only text can be sent through /completions');
    })
    .join('');
}

/** The prompt of a base model: a system and a user message, or a user message alone, with a blank line between. */
function promptOf(messages: Json | undefined): string {
  const list = Array.isArray(messages) ? messages.filter(isObject) : [];
  const roles = list.map((message) => JSON.stringify(message['role'])).join(',');
  if (roles !== '"user"' && roles !== '"system","user"') {
    throw refuse(
      'messages',
      `/completions without a chat template takes [system,] user; these are [${roles}]`,
    );
  }
  return list.map((message) => plainText(message['content'])).join('\n\n');
}

/** The body for `/completions` from a chat body. Throws CallFailure `untranslatable`. */
export function completionsRequest(
  chat: JsonObject,
  extraBody: JsonObject,
  overrides: JsonObject,
): JsonObject {
  if (Array.isArray(chat['tools']) && chat['tools'].length > 0) {
    throw refuse('tools', '/completions without a chat template has no tools');
  }
  const body: JsonObject = { ...extraBody, model: chat['model'] ?? null, prompt: promptOf(chat['messages']) };
  for (const key of SAME) {
    const value = chat[key];
    if (value !== undefined && value !== null) body[key] = value;
  }
  const limit = chat['max_completion_tokens'];
  if (limit !== undefined && limit !== null) body['max_tokens'] ??= limit;
  const top = chat['top_logprobs'];
  if (typeof top === 'number') body['logprobs'] = top;
  else if (chat['logprobs'] === true) body['logprobs'] = 0;
  return { ...body, ...overrides };
}

/** A `/completions` reply in the shape of a chat reply. */
export function chatFromCompletions(reply: Json): Json {
  if (!isObject(reply) || !Array.isArray(reply['choices'])) return reply;
  const [choice] = reply['choices'];
  if (!isObject(choice) || typeof choice['text'] !== 'string') return reply;
  const message = { role: 'assistant', content: choice['text'] };
  return {
    ...reply,
    object: 'chat.completion',
    choices: [{ index: 0, message, finish_reason: choice['finish_reason'] ?? 'stop' }],
  };
}
