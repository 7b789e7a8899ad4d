import type { JsonObject, ResponsesReply, ResponsesRequest } from '../protocol/index.js';
import { GENERIC } from './capabilities/index.js';
import { readChatReply } from './chat/read-reply.js';
import { writeChatRequest } from './chat/write-request.js';
import { toolNames } from './names.js';
import type { TranslateOptions } from './options.js';
import { readResponsesRequest, readTools } from './responses/read-request.js';
import { writeResponsesReply } from './responses/write-reply.js';

/**
 * The Chat Completions body that asks what a Responses request asks. The configured model replaces the
 * request's; `extraBody` goes underneath. Throws {@link CallFailure} `untranslatable` naming the part.
 */
export function requestToChat(request: ResponsesRequest, options: TranslateOptions): JsonObject {
  return writeChatRequest(readResponsesRequest(request, options.previous), options);
}

/**
 * The Responses reply that says what a Chat Completions reply says, with every key of the reference. `request`
 * is the Responses request that was sent: its settings are echoed and its tool names restored.
 * Throws {@link CallFailure} `garbage_reply` and `in_band_error`.
 */
export function replyFromChat(
  chat: unknown,
  request: ResponsesRequest,
  options: TranslateOptions,
): ResponsesReply {
  const names = toolNames(readTools(request.tools), (options.capability ?? GENERIC).toolNames ?? undefined);
  return writeResponsesReply(readChatReply(chat, options), request, names, options);
}
