export type { Capability } from './capabilities/index.js';
export { GENERIC } from './capabilities/index.js';
export type { Loss, ReasoningHistory, TranslateOptions } from './options.js';
export { replyFromChat, requestToChat } from './whole.js';
export type { ResponsesUpstreamOptions } from './responses/write-request.js';
export { requestToResponses } from './responses/write-request.js';
export { readResponsesReply as replyFromResponses } from './responses/read-reply.js';
export { expandRequest } from './responses/expand-request.js';
