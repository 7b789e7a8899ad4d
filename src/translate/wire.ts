import type { JsonObject } from '../protocol/index.js';

/** One event for a client. `data` is an object that nobody changes any more, or the end marker of Chat streams. */
export interface WireEvent {
  event?: string;
  data: JsonObject | '[DONE]';
}

export type WireSink = (event: WireEvent) => void;

/** A wire event as text: named events carry an `event:` line. */
export function encodeWire({ event, data }: WireEvent): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return event === undefined ? `data: ${text}\n\n` : `event: ${event}\ndata: ${text}\n\n`;
}

/** What a writer knows besides the flow. */
export interface WriterContext {
  /** The model that replies are said to come from, unless the upstream's own name is all there is. */
  model: string | undefined;
  newId: (prefix: string) => string;
  now: (() => number) | undefined;
}
