import type { JsonObject } from '../protocol/index.js';

/**
 * The intermediate form: what every reader makes and every writer takes. It holds references into the body
 * that was read (nothing is cloned), so treat it as frozen.
 */

export type Dialect = 'responses' | 'chat' | 'messages';

/** Fields that the form has no name for, under the names of the dialect they were read from. */
type Extra = Readonly<Record<string, unknown>>;

export interface TextPart {
  kind: 'text';
  text: string;
  annotations?: unknown;
  logprobs?: unknown;
  extra?: Extra;
}

export interface RefusalPart {
  kind: 'refusal';
  text: string;
}

/** Exactly one of `url` (also a data URL) and `fileId`. */
export interface ImagePart {
  kind: 'image';
  url?: string;
  fileId?: string;
  detail?: string;
  extra?: Extra;
}

/** Exactly one of `data` (a data URL), `url`, `fileId` and `text` (a plain-text document). */
export interface FilePart {
  kind: 'file';
  data?: string;
  url?: string;
  fileId?: string;
  text?: string;
  filename?: string;
  extra?: Extra;
}

/** `data` is base64; `format` is a file extension such as `wav`. */
export interface AudioPart {
  kind: 'audio';
  data: string;
  format: string;
}

export interface VideoPart {
  kind: 'video';
  url: string;
}

/** A part that we do not model, as it came. */
export interface OpaquePart {
  kind: 'opaque';
  dialect: Dialect;
  type: string;
  value: JsonObject;
}

export type Part = TextPart | RefusalPart | ImagePart | FilePart | AudioPart | VideoPart | OpaquePart;

/** Content as it was written: a plain string and a list with one text mean the same but are kept apart. */
export type Content = string | Part[];

/** The exact prompt and sampled tokens of one model call, carried by its last output item (`gym` training). */
export interface TokenInfo {
  prompt_token_ids: number[];
  generation_token_ids: number[];
  generation_log_probs: number[];
  routed_experts?: unknown;
}

export interface MessageEntry {
  kind: 'message';
  role: 'user' | 'assistant' | 'system' | 'developer';
  content: Content;
  id?: string;
  tokens?: TokenInfo;
  extra?: Extra;
}

export interface ReasoningEntry {
  kind: 'reasoning';
  /** One text per summary or thinking block. */
  texts: string[];
  /** `summary`: a digest made for display; `raw`: the model's own words. */
  form: 'summary' | 'raw';
  id?: string;
  /** Opaque and byte-exact: `encrypted_content` in Responses, `signature` in Messages. */
  signature?: string;
  /** A Messages `redacted_thinking` block: `signature` holds its data and there is no text. */
  redacted?: boolean;
  tokens?: TokenInfo;
  extra?: Extra;
}

export interface CallEntry {
  kind: 'call';
  callId: string;
  name: string;
  /** Raw text of a function's arguments, or the input of a custom tool. */
  arguments: string;
  custom?: boolean;
  namespace?: string;
  id?: string;
  status?: string;
  tokens?: TokenInfo;
  extra?: Extra;
}

export interface ResultEntry {
  kind: 'result';
  callId: string;
  content: Content;
  custom?: boolean;
  isError?: boolean;
  extra?: Extra;
}

/** An item that we do not model, as it came. */
export interface OpaqueEntry {
  kind: 'opaque';
  dialect: Dialect;
  type: string;
  value: JsonObject;
}

export type Entry = MessageEntry | ReasoningEntry | CallEntry | ResultEntry | OpaqueEntry;

export interface ToolForm {
  kind: 'function' | 'custom' | 'hosted';
  name: string;
  description?: string;
  parameters?: JsonObject;
  /** Kept as given: absent, true and false are three different wishes. */
  strict?: boolean;
  namespace?: string;
  /** The grammar of a custom tool. */
  format?: JsonObject;
  /** The declaration as it came, for `hosted` and for what has no name here. */
  value: JsonObject;
  extra?: Extra;
}

export type ToolChoice =
  | { kind: 'auto' | 'none' | 'required' }
  | { kind: 'tool'; name: string; custom?: boolean }
  | { kind: 'allowed'; mode: 'auto' | 'required'; names: string[] }
  | { kind: 'opaque'; value: unknown };

export type FormatForm =
  | { kind: 'text' }
  | { kind: 'json_object' }
  | { kind: 'json_schema'; name?: string; description?: string; schema: JsonObject; strict?: boolean | null };

/** A request in the intermediate form. `params` uses the names of the field table (`fields.ts`). */
export interface RequestForm {
  dialect: Dialect;
  instructions?: string;
  entries: Entry[];
  tools: ToolForm[];
  toolChoice?: ToolChoice;
  parallelToolCalls?: boolean | null;
  format?: FormatForm;
  params: Record<string, unknown>;
}

export type Stop =
  'end' | 'tool_calls' | 'length' | 'content_filter' | 'refusal' | 'stop_sequence' | 'pause' | 'context';

/** Token counts; `input` includes cached tokens. Unknown is null. Unit: tokens. */
export interface UsageForm {
  input: number;
  output: number;
  total: number;
  cached: number | null;
  cacheWrite: number | null;
  reasoning: number | null;
  extra?: Extra;
}

/** A reply in the intermediate form. */
export interface ReplyForm {
  id?: string;
  model?: string;
  /** Epoch seconds. */
  createdAt?: number;
  entries: Entry[];
  stop: Stop;
  stopSequence?: string;
  usage: UsageForm | null;
  extra?: Extra;
}
