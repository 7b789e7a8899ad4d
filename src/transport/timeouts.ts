/** How long each phase of one attempt may be silent, in milliseconds; 0 = for ever. */
export interface Timeouts {
  /** TCP and TLS set up. */
  connectMs: number;
  /** From the request's last byte to the reply's first. Whole replies come at once, so this covers thinking. */
  firstByteMs: number;
  /** From the request to the first token of a stream; the headers alone do not count. */
  firstTokenMs: number;
  /** Between two pieces of a reply. */
  idleMs: number;
  /** All attempts and waits of one call together. */
  callMs: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = {
  connectMs: 10_000,
  firstByteMs: 900_000,
  firstTokenMs: 0,
  idleMs: 300_000,
  callMs: 3_600_000,
};
