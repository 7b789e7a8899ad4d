import type { WireDialect } from '../protocol/index.js';

/**
 * Watches whole events go by for the one that ends a reply. Looks for the bytes that only such an event has: inside
 * JSON text, quotes and line breaks are escaped, so that no answer of a model can look like them.
 */
export class EndWatch {
  #finished = false;
  #marked = false;

  constructor(private readonly dialect: WireDialect) {}

  see(events: Buffer): void {
    if (this.dialect !== 'chat') {
      this.#finished ||= ENDS[this.dialect].some((mark) => events.includes(mark));
      return;
    }
    // Every chunk of every stream comes through here: what cannot be is not searched for.
    if (lastByte(events) === BRACKET) this.#marked ||= DONE.some((mark) => events.includes(mark));
    this.#finished ||= this.#marked || finished(events);
  }

  /** The reply was told to its end. */
  get complete(): boolean {
    return this.#finished;
  }

  /** The end mark that clients of Chat wait for and some providers leave out; null when there is nothing to add. */
  get marker(): string | null {
    return this.dialect === 'chat' && !this.#marked ? 'data: [DONE]\n\n' : null;
  }
}

const ENDS: Readonly<Record<'responses' | 'messages', readonly string[]>> = {
  responses: ['completed', 'incomplete', 'failed'].flatMap((end) => [
    `"type":"response.${end}"`,
    `"type": "response.${end}"`,
    `event: response.${end}`,
  ]),
  messages: ['"type":"message_stop"', '"type": "message_stop"', 'event: message_stop', 'event: error'],
};

const DONE = ['data: [DONE]', 'data:[DONE]'];
const BRACKET = 0x5d;

/** The last byte that is no line break. */
function lastByte(events: Buffer): number | undefined {
  let at = events.length - 1;
  while (at >= 0 && (events[at] === 0x0a || events[at] === 0x0d)) at--;
  return events[at];
}

/**
 * `"finish_reason":` with a text behind it (nearly every chunk has one with null), or an error in place of a chunk,
 * which ends a Chat stream too.
 */
function finished(events: Buffer): boolean {
  const at = events.lastIndexOf('"finish_reason"');
  if (at === -1) return events.includes('data: {"error"') || events.includes('data:{"error"');
  return /^\s*:\s*"/.test(events.toString('latin1', at + 15, at + 24));
}
