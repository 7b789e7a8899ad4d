import type { Call, CallFailure, Clock, Phase, TaskRow } from '../../protocol/index.js';
import type { Judged } from './judges.js';

/** One episode that is being played. */
export interface Flight {
  readonly call: Call;
  /** Replies of the models that its environment asked. */
  readonly judged: Judged[];
  readonly startedAt: number;
  phase: Phase;
  detail: string;
  /** When the phase last changed; epoch milliseconds. */
  movedAt: number;
  /** Its clocks stand still: nothing that it needs can be reached. */
  paused: number;
  /** Ends the episode without an outcome; the reason says why. */
  cancel(reason: string): void;
  /** Ends the episode as failed. */
  fail(failure: CallFailure): void;
}

/** Phases in which nothing of an episode is under way anywhere. */
const WAITS: ReadonlySet<Phase> = new Set(['opening', 'queued', 'backing_off', 'waiting']);

/** Room for one episode. */
export interface Place {
  free: () => void;
}

/** All episodes in flight: what each is doing, and how to stop them. */
export class InFlight {
  private readonly flights = new Set<Flight>();
  private cancelReason: string | null = null;
  private drainReason: string | null = null;
  private places = 0;

  constructor(private readonly clock: Clock) {}

  get size(): number {
    return this.flights.size;
  }

  /** Episodes in flight, and those that are about to start. */
  get reserved(): number {
    return this.places;
  }

  /** Takes a place before the episode has its row; `free` gives it back, once. */
  reserve(): Place {
    this.places += 1;
    return {
      free: () => {
        this.places -= 1;
      },
    };
  }

  /** Starts an episode's record. `attempt` counts earlier failed tries of the same rollout. */
  begin(row: TaskRow, attempt: number): Flight {
    const controller = new AbortController();
    const id = `${row._ng_task_index}-${row._ng_rollout_index}${attempt === 0 ? '' : `-a${attempt}`}`;
    const now = this.clock.now();
    const judged: Judged[] = [];
    const flight: Flight = {
      judged,
      startedAt: now,
      phase: 'opening',
      detail: '',
      movedAt: now,
      paused: 0,
      cancel: (reason) => {
        controller.abort(new Error(reason));
      },
      fail: (failure) => {
        controller.abort(failure);
      },
      call: {
        signal: controller.signal,
        deadline: null,
        episodeId: id,
        rolloutIndex: row._ng_rollout_index,
        attempts: [],
        onPhase: (phase, detail = '') => {
          flight.phase = phase;
          flight.detail = detail;
          flight.movedAt = this.clock.now();
          if (this.drainReason !== null && WAITS.has(phase)) flight.cancel(this.drainReason);
        },
        onJudged: (model, usage) => void judged.push({ model, usage }),
        pause: () => {
          flight.paused += 1;
          let over = false;
          return () => {
            if (!over) flight.paused -= 1;
            over = true;
            flight.movedAt = this.clock.now();
          };
        },
      },
    };
    this.flights.add(flight);
    if (this.cancelReason !== null) flight.cancel(this.cancelReason);
    return flight;
  }

  end(flight: Flight): void {
    this.flights.delete(flight);
  }

  /** Cancels every episode, also those that start later. The first reason wins. */
  cancelAll(reason: string): void {
    this.cancelReason ??= reason;
    for (const flight of this.flights) flight.cancel(this.cancelReason);
  }

  /**
   * Lets what has been sent come back, and nothing else: whoever waits for a turn, for a pause to end or for somebody
   * to come back is cancelled, at once and later.
   */
  drain(reason: string): void {
    this.drainReason ??= reason;
    for (const flight of this.flights) if (WAITS.has(flight.phase)) flight.cancel(reason);
  }

  /** Why no episode may ask its model any more; null = it may. */
  get draining(): string | null {
    return this.drainReason;
  }

  /** Episodes that nobody has cancelled. */
  get alive(): number {
    let count = 0;
    for (const { call } of this.flights) if (!call.signal.aborted) count += 1;
    return count;
  }

  all(): Iterable<Flight> {
    return this.flights;
  }

  /** Longest without progress first. */
  oldest(count: number): Flight[] {
    return [...this.flights].sort((a, b) => a.movedAt - b.movedAt).slice(0, count);
  }
}
