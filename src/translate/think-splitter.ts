const OPEN = '<think>';
const CLOSE = '</think>';

/** The longest end of `text` that could be the beginning of `tag`. */
function partialTag(text: string, tag: string): number {
  for (let size = Math.min(tag.length - 1, text.length); size > 0; size--) {
    if (text.endsWith(tag.slice(0, size))) return size;
  }
  return 0;
}

export interface ThinkSink {
  text(text: string): void;
  /** A think block begins. */
  open(): void;
  thought(text: string): void;
}

/**
 * Cuts think blocks out of text that comes in pieces; tags may be split anywhere. Differs from the whole-text
 * splitter in one case that cannot be known in time: a block that is never closed is reasoning here.
 */
export class ThinkSplitter {
  #inside = false;
  #held = '';

  constructor(private readonly sink: ThinkSink) {}

  push(piece: string): void {
    let rest = this.#held + piece;
    this.#held = '';
    for (;;) {
      const tag = this.#inside ? CLOSE : OPEN;
      const at = rest.indexOf(tag);
      if (at === -1) break;
      this.#out(rest.slice(0, at));
      rest = rest.slice(at + tag.length);
      this.#inside = !this.#inside;
      if (this.#inside) this.sink.open();
    }
    const held = partialTag(rest, this.#inside ? CLOSE : OPEN);
    this.#out(rest.slice(0, rest.length - held));
    this.#held = rest.slice(rest.length - held);
  }

  /** No more text: what was held back was no tag. */
  end(): void {
    this.#out(this.#held);
    this.#held = '';
  }

  #out(text: string): void {
    if (text === '') return;
    if (this.#inside) this.sink.thought(text);
    else this.sink.text(text);
  }
}
