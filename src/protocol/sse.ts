import { createParser } from 'eventsource-parser';
import { CallFailure } from './failure.js';

/** One server-sent event. `data` is text; several `data:` lines are joined by line breaks. */
export interface SseEvent {
  event?: string | undefined;
  data: string;
  /** The bytes ended before the event's closing blank line: its data may be cut. */
  unfinished?: boolean;
}

export interface SseLimits {
  /** Largest unfinished line or event that is kept, in UTF-16 code units. Default 16 Mi. */
  maxEvent?: number;
}

const MAX_EVENT = 16 * 1024 * 1024;

/** Turns the bytes of an event stream into events, however they are cut. */
export interface SseDecoder {
  /** Throws {@link CallFailure} `oversized_reply` when an event outgrows its limit. */
  push(bytes: Uint8Array): void;
  /** The stream is over: an event whose closing blank line is missing is given out as far as it came. */
  end(): void;
}

/**
 * A decoder for untrusted bytes: code points and line ends may be split anywhere, lines may end in LF, CRLF or
 * CR; comments, unknown fields and a byte order mark are skipped.
 */
export function sseDecoder(onEvent: (event: SseEvent) => void, limits: SseLimits = {}): SseDecoder {
  const maxEvent = limits.maxEvent ?? MAX_EVENT;
  const utf8 = new TextDecoder('utf-8');
  let oversized: CallFailure | undefined;
  let ending = false;
  const parser = createParser({
    maxBufferSize: maxEvent,
    onEvent: ({ event, data }) => {
      const message: SseEvent = event === undefined ? { data } : { event, data };
      if (ending) message.unfinished = true;
      onEvent(message);
    },
    onError: (error) => {
      if (error.type !== 'max-buffer-size-exceeded') return;
      oversized = new CallFailure('oversized_reply', `an event of the stream is larger than ${maxEvent}`);
    },
  });
  const feed = (text: string): void => {
    if (text !== '') parser.feed(text);
    if (oversized !== undefined) throw oversized;
  };
  return {
    push: (bytes) => {
      feed(utf8.decode(bytes, { stream: true }));
    },
    end: () => {
      ending = true;
      feed(`${utf8.decode()}\n\n`);
    },
  };
}

/** An event as text on the wire. Line breaks inside `data` become several lines. */
export function encodeSse(event: SseEvent): string {
  const data = event.data.includes('\n') ? event.data.split('\n').join('\ndata: ') : event.data;
  return event.event === undefined ? `data: ${data}\n\n` : `event: ${event.event}\ndata: ${data}\n\n`;
}
