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
    if (this.dialect === 'chat') {
      this.#finished ||= hasFinishReason(events);
      // An error in place of a chunk ends a Chat stream too.
      this.#marked ||= events.includes('data: [DONE]') || events.includes('data:[DONE]');
      this.#finished ||= this.#marked || events.includes('data: {"error"');
    } else {
      this.#finished ||= ENDS[this.dialect].some((mark) => events.includes(mark));
    }
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

/** `"finish_reason":` with a text behind it; nearly every chunk has one with null. */
function hasFinishReason(events: Buffer): boolean {
  const at = events.lastIndexOf('"finish_reason"');
  if (at === -1) return false;
  const after = events.toString('latin1', at + 15, at + 24);
  return /^\s*:\s*"/.test(after);
}
