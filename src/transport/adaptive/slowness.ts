/** One stretch of answers. */
interface Stretch {
  /** Answers per second. */
  throughput: number;
  /** Mean, in milliseconds. */
  latency: number;
  /** Requests at a time under which it was. */
  limit: number;
}

/** Answers in a stretch, at least: fewer say nothing, since answers differ in length. */
const MIN_ANSWERS = 30;
/** Slower than the best by this factor, with less coming through, is a collapse. */
const COLLAPSE_LATENCY = 3;
const COLLAPSE_THROUGHPUT = 0.7;
/** This much slower for hardly more answers means that requests only wait in line. */
const QUEUE_LATENCY = 2;
const QUEUE_GAIN = 1.1;

/** Watches whether more requests bring more answers, or only longer waits. */
export class Slowness {
  #best: Stretch | null = null;
  #answers = 0;
  #sum = 0;
  #from = 0;

  /** Notes an answer; at the end of a stretch says what it shows, else undefined. */
  answered(now: number, latency: number, limit: number): 'fine' | 'queueing' | 'collapse' | undefined {
    if (this.#answers === 0) this.#from = now;
    this.#answers += 1;
    this.#sum += latency;
    if (this.#answers < Math.max(MIN_ANSWERS, 2 * limit)) return undefined;
    const stretch = {
      throughput: (this.#answers / Math.max(1, now - this.#from)) * 1000,
      latency: this.#sum / this.#answers,
      limit,
    };
    this.#answers = 0;
    this.#sum = 0;
    return this.#judge(stretch);
  }

  #judge(stretch: Stretch): 'fine' | 'queueing' | 'collapse' {
    const best = this.#best;
    if (best === null || stretch.throughput > best.throughput * QUEUE_GAIN) {
      this.#best = {
        ...stretch,
        latency: Math.min(stretch.latency, best?.latency ?? Infinity),
      };
      return 'fine';
    }
    // What was best once is forgotten slowly: prompts and models' moods change during a run.
    this.#best = {
      ...best,
      throughput: best.throughput * 0.98,
      latency: stretch.latency < best.latency ? stretch.latency : best.latency * 1.01,
    };
    if (
      stretch.latency > best.latency * COLLAPSE_LATENCY &&
      stretch.throughput < best.throughput * COLLAPSE_THROUGHPUT
    ) {
      return 'collapse';
    }
    const slower = stretch.latency > best.latency * QUEUE_LATENCY;
    return slower && stretch.limit > best.limit ? 'queueing' : 'fine';
  }
}
