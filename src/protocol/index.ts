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
export type { FailureDetails, FailureKind } from './failure.js';
export { CallFailure, FAILURE_KINDS } from './failure.js';
export type {
  Agent,
  Attempt,
  Call,
  Clock,
  Environment,
  Episode,
  Model,
  Outcome,
  PassMajority,
  Phase,
  StepResult,
  StopReason,
  TaskRow,
  Verdict,
} from './contracts.js';
