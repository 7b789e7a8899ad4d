import type { JsonObject } from '../protocol/index.js';
import type { Capability } from './capabilities/index.js';

/** How reasoning of earlier turns goes back to a Chat upstream. */
export type ReasoningHistory =
  'think_tags' | 'reasoning_content' | 'reasoning' | 'both_fields' | 'reasoning_details' | 'drop';

/** Something that the target cannot hold and that was left out, or changed on the way. */
export interface Loss {
  part: string;
  reason: string;
}

/** What a translation may depend on besides the body. */
export interface TranslateOptions {
  /** The configured model; it replaces the request's and is what replies are said to come from. */
  model?: string;
  /** Think tags and reasoning fields of replies become reasoning items. Default false. */
  usesReasoningParser?: boolean;
  /** Defaults merged under the request, one level deep: a field that the request sets wins. */
  extraBody?: JsonObject;
  /** Default: what the capability record says. */
  reasoningHistory?: ReasoningHistory;
  /** What the upstream can and cannot take. Default: the generic record. */
  capability?: Capability;
  /** Milliseconds since the epoch; default: the creation time that the upstream gave. */
  now?: () => number;
  /** Makes a fresh identifier that starts with the prefix, e.g. `msg_`. */
  newId: (prefix: string) => string;
  /** Told of each thing that was left out or changed, for a warning header or a log line. */
  onLoss?: (loss: Loss) => void;
}
