import type { JsonObject } from '../protocol/index.js';
import type { Capability, ReasoningHistory } from './capabilities/index.js';
import type { ReasoningEntry } from './form.js';

/** Something that the target cannot hold and that was left out, or changed on the way. */
export interface Loss {
  part: string;
  reason: string;
}

/** Keeps what a dialect cannot hold between two turns, e.g. thought signatures of tool calls, by call id. */
export interface SideStore {
  set(callId: string, extra: Readonly<Record<string, unknown>>): void;
  get(callId: string): Readonly<Record<string, unknown>> | undefined;
}

/** What a translation may depend on besides the body. Everything but `newId` is optional. */
export interface TranslateOptions {
  /** The configured model; it replaces the request's and is what replies are said to come from. */
  model?: string;
  /** Think tags in the text of Chat replies become reasoning items. Reasoning fields always do. Default false. */
  usesReasoningParser?: boolean;
  /** Defaults merged under the request, one level deep: a field that the request sets wins. */
  extraBody?: JsonObject;
  /** Merged over everything else, last. */
  samplingOverrides?: JsonObject;
  /** For the chat template of a vLLM-like server; a request's `metadata.chat_template_kwargs` goes on top. */
  chatTemplateKwargs?: JsonObject;
  /** Read `metadata.extra_body` and `metadata.chat_template_kwargs` (JSON text), as the vLLM family does. */
  metadataExtraBody?: boolean;
  /** Ask for the exact token ids and log-probabilities; a reply without them fails as `token_ids_missing`. */
  tokenIds?: boolean;
  /** Also ask the engine for prompt token ids (`return_token_ids`). */
  requestTokenIds?: boolean;
  /** How reasoning of earlier turns goes back to a Chat upstream. Default: what the capability record says. */
  reasoningHistory?: ReasoningHistory;
  /** What the upstream can and cannot take. Default: the generic record. */
  capability?: Capability;
  /** What to do about a setting that the target lacks and that changes the answer. Default `refuse`. */
  unsupported?: 'refuse' | 'drop';
  /** What to do about a tool that only another API can run, e.g. `web_search`. Default `refuse`. */
  unsupportedTools?: 'refuse' | 'drop';
  /** Milliseconds since the epoch; default: the creation time that the upstream gave. */
  now?: () => number;
  /** Makes a fresh identifier that starts with the prefix, e.g. `msg_`. */
  newId: (prefix: string) => string;
  /** Told of each thing that was left out or changed, for a warning header or a log line. */
  onLoss?: (loss: Loss) => void;
  /** For clients that drop unknown fields of the items they send back. */
  sideStore?: SideStore;
  /** Items of an earlier response, for `previous_response_id`; undefined: not known. */
  previous?: (id: string) => readonly unknown[] | undefined;
  /** False for reasoning that another provider or choice made: it is left out. Default: all is accepted. */
  acceptReasoning?: (entry: ReasoningEntry) => boolean;
}
