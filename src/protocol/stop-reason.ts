/** Why an episode ended; what each means to a user is in docs/agents.md. */
export const STOP_REASONS = [
  /** The model said something and called nothing. */
  'answered',
  /** Cut off by the token limit. */
  'incomplete',
  /** Cut off, or withheld, by the provider's content filter. */
  'content_filter',
  /** The model refused, in the field that is there for it, and said nothing else. */
  'refusal',
  /** A message without text, and no call. */
  'empty',
  /** As `empty`, and the provider counted not one output token: nothing was generated. */
  'no_tokens',
  /** Turns with neither text nor a call. */
  'stalled',
  /** Turn after turn nothing was called but tools that are not there. */
  'unknown_tool',
  'max_steps',
  'turn_limit',
  'single_turn',
  'terminated',
  'truncated',
] as const;

export type StopReason = (typeof STOP_REASONS)[number];
