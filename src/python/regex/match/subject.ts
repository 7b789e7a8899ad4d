/** A text as Python sees it: code points by index; a lone surrogate is one. */
export class Subject {
  readonly codes: Int32Array;
  /** Where each code point (and the end) stands in the string; undefined when that is its index. */
  readonly #offsets: Int32Array | undefined;

  constructor(readonly text: string) {
    const codes = new Int32Array(text.length);
    let count = 0;
    for (let at = 0; at < text.length; count++) {
      const code = text.codePointAt(at)!;
      codes[count] = code;
      at += code > 0xffff ? 2 : 1;
    }
    this.codes = codes.subarray(0, count);
    if (count === text.length) return;
    this.#offsets = new Int32Array(count + 1);
    for (let index = 0, at = 0; index < count; index++) {
      this.#offsets[index] = at;
      at += codes[index]! > 0xffff ? 2 : 1;
    }
    this.#offsets[count] = text.length;
  }

  /** The index in the string of the code point with this index. */
  offset(index: number): number {
    return this.#offsets === undefined ? index : this.#offsets[index]!;
  }

  slice(start: number, end: number): string {
    return this.text.slice(this.offset(start), this.offset(end));
  }
}
