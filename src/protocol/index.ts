export type { Json, JsonObject } from './json.js';
export { isObject } from './json.js';
export type {
  ContentPart,
  FunctionCallItem,
  FunctionCallOutputItem,
  Item,
  MessageItem,
  OtherItem,
  ReasoningItem,
  ResponsesReply,
  ResponsesRequest,
  Tool,
  Usage,
} from './responses.js';
export { isFunctionCall, isMessage, outputText } from './responses.js';
export type { SseDecoder, SseEvent, SseLimits } from './sse.js';
export { encodeSse, sseDecoder } from './sse.js';
export { NOTE_KEYS, SERVING_KEYS } from './block-keys.js';
export { parseJson } from './lenient-json.js';
export { addUsage, tokenCount, USAGE_AS_KNOWN, wholeUsage } from './usage.js';
export type { NewId } from './ids.js';
export { countingIds, idSource } from './ids.js';
export type { HeaderFields } from './headers.js';
export { header, SESSION_HEADERS, TOOL_HEADERS } from './headers.js';
export type { ErrorInfo } from './error-body.js';
export { maskCredentials, readErrorBody, readInBandError } from './error-body.js';
export { parseDuration, readRetryAfter } from './retry-after.js';
export type { FailureDetails, FailureKind } from './failure.js';
export { CallFailure, FAILURE_KINDS, publicMessage, UNVERIFIED_KINDS } from './failure.js';
export type { StopReason } from './stop-reason.js';
export { STOP_REASONS } from './stop-reason.js';
export { UNKNOWN_TOOL_TEXT } from './unknown-tool.js';
export { failureKindOf, isMasked, maskReason, verdictFailure } from './verdict.js';
export type {
  Agent,
  Attempt,
  Call,
  Clock,
  EndpointStatus,
  Environment,
  Episode,
  Measures,
  Model,
  Outage,
  Outcome,
  PassMajority,
  Phase,
  Reach,
  ReplyStream,
  ReverifyMode,
  StepResult,
  StreamSink,
  TaskRow,
  ToolResult,
  Verdict,
  WireAnswer,
  WireDialect,
} from './contracts.js';
export type {
  Middleware,
  MiddlewareAnswer,
  MiddlewareEnd,
  MiddlewareHook,
  MiddlewareHooks,
  MiddlewareRequest,
} from './middleware.js';
export { defineMiddleware } from './middleware.js';
