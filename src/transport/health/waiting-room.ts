import type { Call, CallFailure, Clock } from '../../protocol/index.js';

/** Those who are let out first after an outage; each further group is twice as large. */
const FIRST_GROUP = 16;
/** Between two groups, in milliseconds. */
const GROUP_MS = 250;

/** Why somebody leaves: the door is open, or this one is tried while it is closed. */
export type Leave = 'open' | 'trial';

/** Where requests wait while nothing serves them. They leave in growing groups: a server that has just come up is not run over. */
export class WaitingRoom {
  readonly #waiting = new Set<(why: Leave) => void>();
  #group = FIRST_GROUP;
  #cancelTimer: (() => void) | undefined;

  constructor(
    private readonly clock: Clock,
    /** Whether those who wait may go. */
    private readonly open: () => boolean,
  ) {}

  /** Nobody waits and the door is open. */
  get free(): boolean {
    return this.#waiting.size === 0 && this.open();
  }

  /** Resolves when it is this one's turn, or it is to be tried; rejects with the signal's reason. */
  wait(signal: AbortSignal): Promise<Leave> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    return new Promise((resolve, reject) => {
      const onAbort = (): void => leave('open');
      const leave = (why: Leave): void => {
        this.#waiting.delete(leave);
        signal.removeEventListener('abort', onAbort);
        if (signal.aborted) reject(signal.reason as Error);
        else resolve(why);
      };
      this.#waiting.add(leave);
      signal.addEventListener('abort', onAbort, { once: true });
      this.look();
    });
  }

  /** Lets the one that waits longest out, although the door is closed; it may come back as the last. */
  letOne(): void {
    const [first] = this.#waiting;
    first?.('trial');
  }

  /** Whether those who wait may go has perhaps changed. */
  look(): void {
    if (!this.open()) {
      this.#stop();
      this.#group = FIRST_GROUP;
    } else if (this.#cancelTimer === undefined) this.#letOut();
  }

  close(): void {
    this.#stop();
    for (const leave of [...this.#waiting]) leave('open');
  }

  #letOut(): void {
    this.#cancelTimer = undefined;
    if (this.#waiting.size === 0) {
      this.#group = FIRST_GROUP;
      return;
    }
    const group = [...this.#waiting].slice(0, this.#group);
    this.#group *= 2;
    for (const leave of group) leave('open');
    this.#cancelTimer = this.clock.after(GROUP_MS, () => this.#letOut());
  }

  #stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}

export interface Wait {
  clock: Clock;
  /** Milliseconds; Infinity = as long as it takes. */
  maxWaitMs: number;
  /** What is waited for, in words. */
  detail: string;
  /** The failure once that takes too long. */
  tooLong: () => CallFailure;
}

/**
 * Waits in the room, while the episode's clocks stand still. Throws `tooLong()`, and the signal's reason when it is
 * aborted.
 */
export async function waitIn(room: WaitingRoom, call: Call, signal: AbortSignal, wait: Wait): Promise<Leave> {
  const { clock, maxWaitMs, detail, tooLong } = wait;
  if (maxWaitMs <= 0) throw tooLong();
  call.onPhase('waiting', detail);
  const resume = call.pause?.();
  const limit = new AbortController();
  const follow = (): void => limit.abort(signal.reason);
  signal.addEventListener('abort', follow, { once: true });
  if (signal.aborted) follow();
  const cancel = maxWaitMs === Infinity ? undefined : clock.after(maxWaitMs, () => limit.abort(tooLong()));
  try {
    return await room.wait(limit.signal);
  } finally {
    cancel?.();
    signal.removeEventListener('abort', follow);
    resume?.();
  }
}
