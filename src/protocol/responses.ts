import type { Json, JsonObject } from './json.js';

/**
 * The OpenAI Responses dialect as NeMo Gym uses it: what dataset rows hold, what agents send and what
 * rollouts store. Only fields that our code reads are named; every other field is kept as it came.
 */
export interface ResponsesRequest {
  input: string | Item[];
  instructions?: string | null;
  model?: string | null;
  tools?: Tool[] | null;
  tool_choice?: Json;
  parallel_tool_calls?: boolean | null;
  max_output_tokens?: number | null;
  temperature?: number | null;
  top_p?: number | null;
  metadata?: Record<string, string> | null;
  [key: string]: unknown;
}

/** A tool declaration; only `function` tools can be executed by an environment. */
export interface Tool {
  type: string;
  name?: string;
  description?: string | null;
  parameters?: JsonObject | null;
  strict?: boolean | null;
  [key: string]: unknown;
}

export interface ContentPart {
  type: string;
  text?: string;
  [key: string]: unknown;
}

/** A message of any role. `type` may be absent on input items. */
export interface MessageItem {
  type?: 'message';
  role: string;
  content: string | ContentPart[] | null;
  id?: string | null;
  status?: string | null;
  [key: string]: unknown;
}

export interface ReasoningItem {
  type: 'reasoning';
  id: string;
  summary: { type: string; text: string }[];
  content?: ContentPart[] | null;
  encrypted_content?: string | null;
  [key: string]: unknown;
}

/** A call that the model wants made. `arguments` is the model's raw text: untrusted, perhaps not JSON. */
export interface FunctionCallItem {
  type: 'function_call';
  call_id: string;
  name: string;
  arguments: string;
  id?: string | null;
  status?: string | null;
  [key: string]: unknown;
}

export interface FunctionCallOutputItem {
  type: 'function_call_output';
  call_id: string;
  output: string | ContentPart[];
  id?: string | null;
  status?: string | null;
  [key: string]: unknown;
}

/** An item type that we do not model (hosted tools, MCP, later additions): kept verbatim. */
export interface OtherItem {
  type: string;
  [key: string]: unknown;
}

export type Item = MessageItem | ReasoningItem | FunctionCallItem | FunctionCallOutputItem | OtherItem;

/** Token counts; a detail that the provider did not report is null, never 0. Unit: tokens. */
export interface Usage {
  input_tokens: number;
  input_tokens_details: { cached_tokens: number | null; [key: string]: unknown };
  output_tokens: number;
  output_tokens_details: { reasoning_tokens: number | null; [key: string]: unknown };
  total_tokens: number;
  [key: string]: unknown;
}

/** A Responses reply object. `created_at` is in epoch seconds. */
export interface ResponsesReply {
  id: string;
  object: 'response';
  created_at: number;
  model: string;
  status?: string | null;
  output: Item[];
  usage: Usage | null;
  incomplete_details?: { reason: string | null } | null;
  error?: JsonObject | null;
  [key: string]: unknown;
}

export function isFunctionCall(item: Item): item is FunctionCallItem {
  return item.type === 'function_call';
}

export function isMessage(item: Item): item is MessageItem {
  return item.type === 'message' || (item.type === undefined && 'role' in item);
}

/**
 * The visible text of a reply: every `output_text` part of every message, joined with nothing between
 * (the OpenAI SDK's `output_text`). Reasoning and refusals are not part of it.
 */
export function outputText(reply: Pick<ResponsesReply, 'output'>): string {
  let text = '';
  for (const item of reply.output) {
    if (!isMessage(item) || !Array.isArray(item.content)) continue;
    for (const part of item.content) {
      if (part.type === 'output_text' && typeof part.text === 'string') text += part.text;
    }
  }
  return text;
}
