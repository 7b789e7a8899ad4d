import { errors } from '../errors/index.js';
import type { Child, ChildSpec, Ending } from './child.js';
import { describeEnding, startChild } from './child.js';
import type { LogOptions } from './log.js';
import { Log } from './log.js';
import type { Probe } from './probe.js';

/** Time, as far as it matters here; that of the whole program fits. */
export interface Time {
  /** Epoch milliseconds. */
  now(): number;
  /** Rejects with the signal's reason when it aborts. Unit: milliseconds. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface ProcessSpec extends Omit<ChildSpec, 'log'> {
  /** For messages. */
  name: string;
  log: LogOptions;
  ready: Probe;
  /** Most time from the start of a life until it is ready. Unit: milliseconds. */
  readyMs: number;
  /** What a user can do about a process that does not come up, in one or a few lines, by what it printed last. */
  hint: string | ((lines: readonly string[]) => string);
  time: Time;
  notify(notice: { level: 'info' | 'warn'; message: string }): void;
  /** Waits between lives, and how often in a row it may fail to come up again. */
  restart?: Partial<RestartPolicy>;
}

export interface RestartPolicy {
  /** Before the first; doubled for each life that was short. Unit: milliseconds. */
  firstMs: number;
  mostMs: number;
  /** A life this long was none of a row of failures. Unit: milliseconds. */
  settledMs: number;
  /** Short lives in a row after which it is left for dead. */
  most: number;
}

const RESTART: RestartPolicy = { firstMs: 500, mostMs: 30_000, settledMs: 60_000, most: 8 };
const POLL_MS = 150;
const PROBE_MS = 5_000;

/** A process that is kept running until it is stopped. */
export interface Supervised {
  readonly name: string;
  /** Of the present life; undefined between two. */
  readonly pid: number | undefined;
  /** Lives after the first. */
  readonly restarts: number;
  /** Lives that ended without being asked to. */
  readonly deaths: number;
  /** It may still be starting, or have died a moment ago. */
  readonly state: 'starting' | 'ready' | 'waiting' | 'dead' | 'stopped';
  /** Rejects with an NgError when the first life did not come up. */
  readonly ready: Promise<void>;
  /** The last lines that it printed, oldest first. */
  tail(count?: number): string[];
  /** SIGTERM, and SIGKILL after the grace; nothing is started any more. Safe to call twice. */
  stop(graceMs?: number): Promise<void>;
}

/** Before life number `lives` of a row of short ones (the first is 1). Unit: milliseconds. */
export function backOff(lives: number, policy: RestartPolicy = RESTART): number {
  return Math.min(policy.mostMs, policy.firstMs * 2 ** Math.max(0, lives - 1));
}

/** Starts a process and keeps it: see {@link Supervised}. A first life that does not come up is not repeated. */
export function supervise(spec: ProcessSpec): Supervised {
  const supervisor = new Supervisor(spec);
  supervisor.begin();
  return supervisor;
}

class Supervisor implements Supervised {
  restarts = 0;
  deaths = 0;
  state: Supervised['state'] = 'starting';
  ready: Promise<void> = Promise.resolve();
  private readonly log: Log;
  private readonly policy: RestartPolicy;
  private readonly stopping = new AbortController();
  private child: Child | undefined;
  private whole: Promise<void> = Promise.resolve();

  constructor(private readonly spec: ProcessSpec) {
    this.log = new Log(spec.log);
    this.policy = { ...RESTART, ...spec.restart };
  }

  get name(): string {
    return this.spec.name;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  begin(): void {
    const { up, ended } = this.live();
    // Whoever waits for it learns; whoever does not is told by what it asks of the process.
    this.ready = up;
    this.whole = this.keep(ended);
    this.whole.catch(() => undefined);
  }

  tail(count?: number): string[] {
    return this.log.tail(count);
  }

  async stop(graceMs?: number): Promise<void> {
    this.stopping.abort(new Error(`${this.name} is stopped`));
    this.state = 'stopped';
    await this.child?.stop(graceMs);
    await this.whole.catch(() => undefined);
    await this.log.close();
  }

  /** One life: `up` resolves when it is ready and rejects with an NgError when it does not get there. */
  private live(): { up: Promise<void>; ended: Promise<Ending> } {
    const { spec } = this;
    this.log.line(
      `--- ${new Date(spec.time.now()).toISOString()} start: ${spec.command} ${spec.args.join(' ')}`,
    );
    const child = startChild({ ...spec, log: this.log });
    this.child = child;
    const up = this.comeUp(child);
    up.catch(() => undefined);
    return { up, ended: child.ended };
  }

  private async comeUp(child: Child): Promise<void> {
    const { spec, stopping } = this;
    const over = new AbortController();
    const ended = child.ended.then((ending) => {
      over.abort(new Error('ended'));
      return ending;
    });
    const since = spec.time.now();
    const signal = AbortSignal.any([over.signal, stopping.signal]);
    while (!signal.aborted) {
      if (await this.probe(signal)) break;
      if (spec.time.now() - since >= spec.readyMs) {
        await child.stop(0);
        throw errors.processNotReady(spec.name, spec.readyMs / 1000, this.evidence(), this.hint());
      }
      await spec.time.sleep(POLL_MS, signal).catch(() => undefined);
    }
    stopping.signal.throwIfAborted();
    if (over.signal.aborted) {
      const how = describeEnding(await ended);
      throw errors.processEnded(spec.name, how, this.evidence(), this.hint());
    }
    this.state = 'ready';
  }

  private async probe(signal: AbortSignal): Promise<boolean> {
    try {
      return await this.spec.ready(AbortSignal.any([signal, AbortSignal.timeout(PROBE_MS)]));
    } catch {
      return false;
    }
  }

  private hint(): string {
    const { hint } = this.spec;
    return typeof hint === 'string' ? hint : hint(this.log.tail());
  }

  private evidence(): { lines: string[]; file: string | null } {
    return { lines: this.log.tail(12).filter((line) => !line.startsWith('--- ')), file: this.log.file };
  }

  /** After the first life has come up: another one each time that one ends. */
  private async keep(ended: Promise<Ending>): Promise<void> {
    const { spec, policy, stopping } = this;
    await this.ready;
    let short = 0;
    let since = spec.time.now();
    for (let ending = await ended; !stopping.signal.aborted;) {
      this.deaths += 1;
      short = spec.time.now() - since >= policy.settledMs ? 1 : short + 1;
      if (short > policy.most) {
        this.giveUp(describeEnding(ending));
        return;
      }
      const wait = backOff(short, policy);
      this.state = 'waiting';
      this.child = undefined;
      this.tell(`"${this.name}" ended (${describeEnding(ending)}); it is started again in ${wait / 1000} s`);
      await spec.time.sleep(wait, stopping.signal);
      this.restarts += 1;
      this.state = 'starting';
      since = spec.time.now();
      const life = this.live();
      await life.up.then(
        () => this.tell(`"${this.name}" runs again`, 'info'),
        // Its end says the same.
        () => undefined,
      );
      ending = await life.ended;
    }
  }

  private giveUp(how: string): void {
    this.state = 'dead';
    const lines = this.evidence().lines.slice(-3).join(' | ');
    this.tell(
      `"${this.name}" ended ${this.policy.most + 1} times in a row (${how}) and is left for dead: ${lines}`,
    );
  }

  private tell(message: string, level: 'info' | 'warn' = 'warn'): void {
    const { file } = this.log;
    this.spec.notify({
      level,
      message: level === 'warn' && file !== null ? `${message}; its log: ${file}` : message,
    });
  }
}
