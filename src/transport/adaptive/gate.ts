import type { RecentStarts, Start } from './recent-starts.js';

/** A wait up to this is kept blindly where it is believed; after a probe in vain the next one waits so long, and twice as long each time. */
const PROBE_AFTER_MS = 5_000;
const MAX_PROBE_GAP_MS = 60_000;
/** Otherwise a single request tries so soon whether the wait is needed. */
const EARLY_PROBE_MS = 250;
const MAX_TRUST = 16;
const MAX_RUN = 6;
/** Requests whose fate decides whether a wait is needless, and the share of them that is taken then. */
const WITNESSES = 4;
const TAKEN = 0.75;
/** Probes go out when no more than this part is left of what was out when it closed. */
const DRAINED = 0.5;

/**
 * Told waits, for everybody: while it is closed nothing goes out but probes. The wait is needless for others when the
 * requests that were sent after the refused one were taken all the same; then it opens at once, and more refusals in a
 * row are needed to close it again.
 */
export class Gate {
  #closed = false;
  #until = 0;
  /** Requests that were out when it closed: from the first number to below the second. Their fate is known by then. */
  #witnesses = { from: 0, to: 0, at: 0 };
  #probes: Start[] = [];
  #probeAt = 0;
  #inFlight = 0;
  #gap = 0;
  /** Waits that are kept without an early probe, and how many the next proof earns. */
  #trust = 1;
  #earned = 1;
  /** Refusals in a row that close. */
  #run = 1;
  /** The wait that is kept now has been tried and found needed. */
  #needed = false;

  /** What rests on silence waits for the caller's word that nothing lies unread; given for one look. */
  #unsure = false;
  #sure = false;

  /** `listens`: the caller says so when it is asked to. */
  constructor(
    readonly recent: RecentStarts,
    private readonly listens: boolean,
  ) {}

  get closed(): boolean {
    return this.#closed;
  }

  get until(): number {
    return this.#until;
  }

  /** The wait that was kept last has been tried and found needed. */
  get needed(): boolean {
    return this.#needed;
  }

  /** Whether it is to be opened as soon as {@link sure} is called. */
  get unsure(): boolean {
    return this.#unsure;
  }

  sure(): void {
    this.#sure = true;
  }

  /** Looks at what has become known; tells when it opens. */
  look(now: number): 'needless' | 'over' | undefined {
    if (!this.#closed) return undefined;
    if (now >= this.#until) {
      this.#closed = false;
      return 'over';
    }
    const verdict = this.#witnessed(now) ?? this.#probed(now);
    this.#unsure = verdict === 'needless' && this.listens && !this.#sure;
    this.#sure = false;
    if (verdict === undefined || this.#unsure) return undefined;
    if (verdict === 'needed') {
      this.#believe(now);
      return undefined;
    }
    this.#closed = false;
    this.#trust = 0;
    this.#earned = 1;
    this.#run = Math.min(MAX_RUN, this.#run + 1);
    return 'needless';
  }

  /** When closed: the time of the next look, or `now` when a probe may go. */
  nextStart(now: number, inFlight: number): number {
    const { at } = this.#witnesses;
    if (at > now) return Math.min(at, this.#until);
    if (this.#probeAt > now) return Math.min(this.#probeAt, this.#until);
    // A refusal says that it is the rate, not the number at a time, only when the number has gone down meanwhile.
    if (this.#probes.length === 0) return inFlight <= this.#inFlight * DRAINED ? now : this.#until;
    const [first] = this.#probes;
    if (this.#probes.length < WITNESSES && this.recent.taken(first!, now)) return now;
    const last = this.#probes.at(-1)!;
    return Math.min(this.#until, Math.max(now + 1, last.startedAt + this.recent.age));
  }

  /** One of those that try whether the wait is needed. */
  isProbe(start: Start): boolean {
    return this.#closed && this.#probes.includes(start);
  }

  started(start: Start): void {
    if (this.#closed) this.#probes.push(start);
  }

  /** A refusal that asks for a wait. True when it closes what was open. `believed`: the wait is not questioned. */
  refused(start: Start, now: number, until: number, inFlight: number, believed: boolean): boolean {
    if (this.#closed) {
      this.#until = Math.max(this.#until, until);
      return false;
    }
    if (!believed && this.recent.refusedInRow(now).count < this.#run) return false;
    this.close(now, until, inFlight, start.serial + 1);
    return true;
  }

  close(now: number, until: number, inFlight: number, witnessesFrom = this.recent.next): void {
    this.#closed = true;
    this.#needed = false;
    this.#until = until;
    this.#inFlight = inFlight;
    const many = this.recent.next - witnessesFrom >= WITNESSES;
    this.#witnesses = { from: witnessesFrom, to: this.recent.next, at: many ? now + this.recent.age : 0 };
    // Only a short wait is kept blindly.
    const blind = this.#trust > 0 && until - now <= PROBE_AFTER_MS;
    this.#gap = blind ? PROBE_AFTER_MS : EARLY_PROBE_MS;
    this.#trust -= 1;
    this.#probeAt = now + this.#gap;
    this.#probes = [];
  }

  #witnessed(now: number): 'needed' | 'needless' | undefined {
    const { from, to, at } = this.#witnesses;
    if (at === 0 || now < at) return undefined;
    const { refused, all } = this.recent.fates(from, to);
    const needless = all >= WITNESSES && all - refused >= all * TAKEN;
    if (needless && this.listens && !this.#sure) return 'needless';
    this.#witnesses.at = 0;
    if (all < WITNESSES) return undefined;
    return needless ? 'needless' : 'needed';
  }

  #probed(now: number): 'needed' | 'needless' | undefined {
    let taken = 0;
    let refused = 0;
    this.#probes = this.#probes.filter(({ fate }) => fate !== 'gone');
    for (const probe of this.#probes) {
      if (probe.fate === 'refused') refused += 1;
      else if (this.recent.taken(probe, now)) taken += 1;
    }
    if (this.#probes[0]?.fate === 'refused' || refused > 1) return 'needed';
    return taken >= WITNESSES - 1 ? 'needless' : undefined;
  }

  /** The wait is needed: what was sent meanwhile was refused too. */
  #believe(now: number): void {
    if (this.#probes.length > 0) {
      this.#needed = true;
      this.#earned = Math.min(MAX_TRUST, this.#earned * 2);
      this.#trust = this.#earned;
    }
    this.#gap = Math.min(MAX_PROBE_GAP_MS, Math.max(PROBE_AFTER_MS, this.#gap * 2));
    this.#probeAt = now + this.#gap;
    this.#probes = [];
  }
}
