import type { SseEvent } from '../protocol/index.js';

/** Gets each client event, its data being one line of JSON or the end marker of Chat streams. */
export type WireSink = (event: SseEvent) => void;

/** What a writer knows besides the flow. */
export interface WriterContext {
  /** The model that replies are said to come from, unless the upstream's own name is all there is. */
  model: string | undefined;
  newId: (prefix: string) => string;
  now: (() => number) | undefined;
}
