/** Rollout indices below this bound share a 53-bit key with their task index. */
const ROLLOUTS = 2 ** 21;
const TASKS = 2 ** 31;

function keyOf(task: number, rollout: number): number {
  if (!(Number.isInteger(task) && task >= -TASKS && task < TASKS && rollout >= 0 && rollout < ROLLOUTS)) {
    throw new RangeError(`rollout (${task}, ${rollout}) is outside the range of indices`);
  }
  return (task + TASKS) * ROLLOUTS + rollout + 1;
}

/** Spreads both halves of a key over all 32 bits: neighbouring keys differ only in their middle bits. */
function mix(key: number): number {
  let hash = Math.imul((key % 4294967296) ^ Math.imul(key / 4294967296, 0x9e3779b1), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * A small number (0 to 65535) per (task, rollout), 0 when never set. Open addressing in typed arrays: at most
 * 40 bytes per entry, so a million stored rollouts cost some tens of megabytes.
 */
export class KeyTable {
  private capacity = 1024;
  private keys = new Float64Array(this.capacity);
  private values = new Uint16Array(this.capacity);
  private count = 0;

  /** Number of keys that were ever set. */
  get size(): number {
    return this.count;
  }

  get(task: number, rollout: number): number {
    return this.values[this.slot(keyOf(task, rollout))]!;
  }

  set(task: number, rollout: number, value: number): void {
    if (this.count * 2 >= this.capacity) this.grow();
    const key = keyOf(task, rollout);
    const slot = this.slot(key);
    if (this.keys[slot] === 0) {
      this.keys[slot] = key;
      this.count += 1;
    }
    this.values[slot] = value;
  }

  private slot(key: number): number {
    const mask = this.capacity - 1;
    for (let at = mix(key) & mask; ; at = (at + 1) & mask) {
      const found = this.keys[at]!;
      if (found === key || found === 0) return at;
    }
  }

  private grow(): void {
    const { keys, values } = this;
    this.capacity *= 2;
    this.keys = new Float64Array(this.capacity);
    this.values = new Uint16Array(this.capacity);
    keys.forEach((key, i) => {
      if (key === 0) return;
      const slot = this.slot(key);
      this.keys[slot] = key;
      this.values[slot] = values[i]!;
    });
  }
}
