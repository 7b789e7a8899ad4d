/** Why a run ends before everything is played. */
export type StopCause = 'drain' | 'abort' | 'budget' | 'disk' | 'output' | 'replay';

export interface Stop {
  cause: StopCause;
  /** A sentence for the user. */
  message: string;
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

  request(cause: StopCause, message: string): void {
    this.first ??= { cause, message };
    this.controller.abort();
  }
}
