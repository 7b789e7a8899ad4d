import type { ReasoningHistory } from '../options.js';

/** What one provider can and cannot take; see docs/translation.md. Every field can be overridden in YAML. */
export interface Capability {
  readonly name: string;
  /** How reasoning of earlier turns is sent. */
  readonly reasoningHistory: ReasoningHistory;
  /** `adjacent`: results are moved up to follow their calls, orphans are repaired. */
  readonly toolResults: 'as_given' | 'adjacent';
  /** Every system and developer message is merged into one at the front. */
  readonly systemFirst: boolean;
  /** False: the developer role is sent as system. */
  readonly developerRole: boolean;
  /** Name of the parameter that limits the length of the answer. */
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens';
  /** Top-level parameters that the provider refuses. */
  readonly drop: readonly string[];
  /** Top-level parameters under another name. */
  readonly rename: Readonly<Record<string, string>>;
}

export const GENERIC: Capability = {
  name: 'generic',
  reasoningHistory: 'think_tags',
  toolResults: 'as_given',
  systemFirst: false,
  developerRole: true,
  maxTokensField: 'max_tokens',
  drop: [],
  rename: {},
};
