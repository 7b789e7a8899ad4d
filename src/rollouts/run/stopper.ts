/** Why a run ends before everything is played. */
export type StopCause = 'drain' | 'abort' | 'budget' | 'disk' | 'output' | 'replay' | 'outage';

export interface Stop {
  cause: StopCause;
  /** A sentence for the user, once the run is over. */
  message: string;
  /** The same while it ends. */
  doing: string;
}

/** Ends dispatch once, for the first cause that is given; what is in flight is told by whoever wants it cancelled. */
export class Stopper {
  private readonly controller = new AbortController();
  private first: Stop | null = null;

  /** Aborted when nothing new may start. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get stop(): Stop | null {
    return this.first;
  }

  request(cause: StopCause, message: string, doing = message): void {
    this.first ??= { cause, message, doing };
    this.controller.abort();
  }
}
