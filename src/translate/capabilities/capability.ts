import type { NameRule } from '../names.js';

/** How reasoning of earlier turns goes back to a Chat upstream. */
export const REASONING_HISTORIES = [
  'think_tags',
  'reasoning_content',
  'reasoning',
  'both_fields',
  'reasoning_details',
  'drop',
] as const;
export type ReasoningHistory = (typeof REASONING_HISTORIES)[number];

/**
 * What one provider can and cannot take. A record says only what differs from {@link GENERIC}, which is what
 * the reference assumes of every upstream. Every field can be overridden from YAML.
 */
export interface Capability {
  readonly name: string;
  /** Hosts that this record is picked for; a leading dot matches subdomains. */
  readonly hosts: readonly string[];
  /** Header that carries the key, with `{key}` in its place; null: no key. */
  readonly authHeader: string;
  readonly authTemplate: string;
  /** Headers that every request needs. */
  readonly headers: Readonly<Record<string, string>>;
  /** How reasoning of earlier turns is sent to a Chat upstream. */
  readonly reasoningHistory: ReasoningHistory;
  /** `adjacent`: results are moved up to follow their calls; orphan calls and results are repaired. */
  readonly toolResults: 'as_given' | 'adjacent';
  /** Every system and developer message is merged into one at the front. */
  readonly systemFirst: boolean;
  /** False: the developer role is sent as system. */
  readonly developerRole: boolean;
  /** The content of an assistant message that says nothing. */
  readonly emptyAssistant: 'null' | 'empty_string';
  /** What is sent for arguments that are an empty text. */
  readonly emptyArguments: '' | '{}';
  /** Parameter that limits the length of the answer. */
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens';
  /** Smallest `max_output_tokens` that is accepted; 1 to this are raised to it. 0: no such limit. */
  readonly minOutputTokens: number;
  /** `max_tokens` for a Messages upstream when the request has no limit. */
  readonly defaultMaxTokens: number;
  /** Top-level parameters that the provider refuses; leaving them out is reported as a loss. */
  readonly drop: readonly string[];
  /** Top-level parameters under another name. */
  readonly rename: Readonly<Record<string, string>>;
  /** Shapes of tool choice: all; no named tool; only auto and none. */
  readonly toolChoice: 'full' | 'unnamed' | 'auto_only';
  /** The `allowed_tools` shape is understood; if not, only the allowed tools are declared. */
  readonly allowedTools: boolean;
  /** What tool names may look like; null: anything. */
  readonly toolNames: NameRule | null;
  /** Longest call id; longer ones are re-made. 0: no limit. */
  readonly maxCallId: number;
  /** Item ids must start with `fc_`, `msg_`, `rs_` as OpenAI's do (Responses upstreams). */
  readonly strictItemIds: boolean;
  /** `image_url.detail` is accepted. */
  readonly imageDetail: boolean;
  /** Tool results may hold images and files; if not, these follow in a user message. */
  readonly toolResultMedia: boolean;
  /** `stream_options.include_usage` is accepted (usage at the end of a stream). */
  readonly streamUsage: boolean;
  /** Reasoning tokens come on top of completion tokens and have to be added. */
  readonly reasoningOutsideOutput: boolean;
  /** How a Messages upstream is told how hard to think. */
  readonly thinking: 'budget' | 'effort' | 'none';
  /** Error-body shapes seen, for the table; the reader understands all of them from everyone. */
  readonly errors: readonly string[];
}

/** What is assumed of an upstream that has no record. */
export const GENERIC: Capability = {
  name: 'generic',
  hosts: [],
  authHeader: 'authorization',
  authTemplate: 'Bearer {key}',
  headers: {},
  reasoningHistory: 'think_tags',
  toolResults: 'as_given',
  systemFirst: false,
  developerRole: true,
  emptyAssistant: 'null',
  emptyArguments: '',
  maxTokensField: 'max_tokens',
  minOutputTokens: 0,
  defaultMaxTokens: 8192,
  drop: [],
  rename: {},
  toolChoice: 'full',
  allowedTools: true,
  toolNames: null,
  maxCallId: 0,
  strictItemIds: false,
  imageDetail: true,
  toolResultMedia: false,
  streamUsage: true,
  reasoningOutsideOutput: false,
  thinking: 'budget',
  errors: ['{error:{message,type,param,code}}'],
};
