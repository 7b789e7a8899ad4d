/** Makes a fresh identifier: the prefix and 32 lower-case hexadecimal digits, e.g. `resp_0123…`. */
export type NewId = (prefix: string) => string;

/** An id source over a source of random bytes, e.g. `randomBytes` of `node:crypto`. */
export function idSource(randomBytes: (size: number) => Uint8Array): NewId {
  return (prefix) => prefix + Buffer.from(randomBytes(16)).toString('hex');
}

/** Ids that count up: for tests and for replies that must be the same each time. */
export function countingIds(start = 0): NewId {
  let next = start;
  return (prefix) => prefix + (next++).toString(16).padStart(32, '0');
}
