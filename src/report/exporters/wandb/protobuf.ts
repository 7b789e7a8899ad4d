/** A message of the protocol buffers wire format, built field by field; only what W&B's records need. */
export class Message {
  private readonly pieces: Uint8Array[] = [];

  /** A whole number from 0 to 2^53 − 1, also for enum and bool. Zero is the default and is left out. */
  number(field: number, value: number): this {
    if (value === 0) return this;
    this.pieces.push(varint(field * 8), varint(value));
    return this;
  }

  /** Text is stored even when empty: a repeated field counts it. */
  text(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value));
  }

  message(field: number, value: Message): this {
    return this.bytes(field, value.encode());
  }

  encode(): Uint8Array {
    return Buffer.concat(this.pieces);
  }

  private bytes(field: number, value: Uint8Array): this {
    this.pieces.push(varint(field * 8 + 2), varint(value.length), value);
    return this;
  }
}

/** Seven bits a byte, the lowest first. Division, since numbers may be above 2^31. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Uint8Array.of(...bytes, rest);
}
