import { hash } from 'node:crypto';

const WORDS = 5;

/**
 * Gives equal texts equal numbers, 0, 1, 2, … in order of first sight, without keeping the texts: 128 bits of
 * each text's SHA-256 in an open-addressed table. Memory: at most 80 bytes per different text.
 */
export class DigestIndex {
  private capacity = 1024;
  private table = new Uint32Array(this.capacity * WORDS);
  private count = 0;

  /** Number of different texts seen. */
  get size(): number {
    return this.count;
  }

  indexOf(text: string): number {
    const digest = hash('sha256', text, 'buffer');
    const words = [0, 4, 8, 12].map((offset) => digest.readUInt32LE(offset));
    if (this.count * 2 >= this.capacity) this.grow();
    const slot = this.find(words);
    if (this.table[slot + 4] === 0) {
      this.table.set(words, slot);
      this.count += 1;
      this.table[slot + 4] = this.count;
    }
    return this.table[slot + 4]! - 1;
  }

  /** The slot that holds these words, or the free one where they belong. */
  private find(words: readonly number[]): number {
    for (let at = words[0]! & (this.capacity - 1); ; at = (at + 1) & (this.capacity - 1)) {
      const slot = at * WORDS;
      if (this.table[slot + 4] === 0) return slot;
      if (words.every((word, i) => this.table[slot + i] === word)) return slot;
    }
  }

  private grow(): void {
    const old = this.table;
    this.capacity *= 2;
    this.table = new Uint32Array(this.capacity * WORDS);
    for (let slot = 0; slot < old.length; slot += WORDS) {
      if (old[slot + 4] === 0) continue;
      this.table.set(old.subarray(slot, slot + WORDS), this.find([...old.subarray(slot, slot + 4)]));
    }
  }
}
