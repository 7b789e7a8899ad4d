import type { JsonObject, ResponsesRequest } from '../protocol/index.js';
import { isObject } from '../protocol/index.js';
import type { Capability } from './capabilities/index.js';
import { GENERIC } from './capabilities/index.js';
import { finishChatRequest } from './chat/finish-request.js';
import { untranslatable } from './failures.js';
import type { Dialect } from './form.js';
import { finishMessagesRequest } from './messages/write-request.js';
import type { TranslateOptions } from './options.js';
import { requestToResponses } from './responses/write-request.js';
import { splitThinking } from './think-tags.js';

type Body = Readonly<Record<string, unknown>>;

function chatMessage(value: unknown, capability: Capability, options: TranslateOptions): unknown {
  if (!isObject(value)) return value;
  if (value['role'] === 'developer' && !capability.developerRole) return { ...value, role: 'system' };
  if (value['role'] === 'assistant' && options.usesReasoningParser === true)
    return unfold(value, capability, options);
  return value;
}

/** Think tags that we folded into a reply's text go back the way the provider wants its reasoning. */
function unfold(message: JsonObject, capability: Capability, options: TranslateOptions): JsonObject {
  const history = options.reasoningHistory ?? capability.reasoningHistory;
  if (history === 'think_tags' || typeof message['content'] !== 'string') return message;
  const { texts, text } = splitThinking(message['content']);
  if (texts.length === 0) return message;
  const reasoning = texts.join('');
  const fields: JsonObject = {};
  if (history === 'reasoning_content' || history === 'both_fields') fields['reasoning_content'] = reasoning;
  if (history === 'reasoning' || history === 'both_fields') fields['reasoning'] = reasoning;
  return { ...message, content: text, ...fields };
}

function chatToChat(body: Body, options: TranslateOptions): JsonObject {
  if (!Array.isArray(body['messages'])) throw untranslatable('messages', 'must be a list');
  const capability = options.capability ?? GENERIC;
  const touches = !capability.developerRole || options.usesReasoningParser === true;
  const messages = touches
    ? body['messages'].map((message) => chatMessage(message, capability, options))
    : (body['messages'] as unknown[]);
  const request: Record<string, unknown> = { ...body, messages };
  const other = capability.maxTokensField === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
  if (capability !== GENERIC && other in request && !(capability.maxTokensField in request)) {
    request[capability.maxTokensField] = request[other];
    request[other] = undefined;
  }
  return finishChatRequest(request, options);
}

/** A request for an upstream of its own dialect: the configured model and defaults, and nothing else changes. */
export function sameDialectRequest(dialect: Dialect, body: Body, options: TranslateOptions): JsonObject {
  if (dialect === 'chat') return chatToChat(body, options);
  if (dialect === 'responses') return requestToResponses(body as unknown as ResponsesRequest, options);
  if (!Array.isArray(body['messages'])) throw untranslatable('messages', 'must be a list');
  return finishMessagesRequest(body, options);
}

/**
 * Folds the reasoning field of a Chat reply into its text as a think block, as the reference's servers do for
 * Chat clients when `uses_reasoning_parser` is set. Returns the reply itself when there is nothing to fold.
 */
export function foldReasoning(reply: JsonObject): JsonObject {
  const choices = reply['choices'];
  if (!Array.isArray(choices)) return reply;
  const folded = choices.map((choice) => {
    const message = isObject(choice) ? choice['message'] : undefined;
    if (!isObject(choice) || !isObject(message)) return choice;
    const { reasoning_content: content, reasoning, ...rest } = message;
    const thought = typeof content === 'string' && content !== '' ? content : reasoning;
    if (typeof thought !== 'string' || thought === '') return choice;
    const text = typeof rest['content'] === 'string' ? rest['content'] : '';
    return { ...choice, message: { ...rest, content: `<think>${thought}</think>${text}` } };
  });
  return { ...reply, choices: folded };
}
