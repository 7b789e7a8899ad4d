import type { Clock } from '../../../protocol/index.js';
import { backOff, type RestartPolicy } from '../../../processes/index.js';
import { createRedactor, type Redactor } from '../../../transport/index.js';
import { withLines, type Order, type Run, type Tell } from '../executors/executor.js';
import { healthProbe, isHealthy, rest } from '../executors/health.js';
import {
  containerBody,
  containerName,
  imageOf,
  isFromNgc,
  PORT,
  VERSION_LABEL,
  volumeName,
  type Image,
} from './container.js';
import { EngineError, type Container, type Engine } from './engine.js';

export interface DockerTimes {
  /** Between looks at a container. */
  readonly lookMs: number;
  /** Between tries to reach Docker. */
  readonly againMs: number;
  /** Looks in vain at a server that was ready after which it is not. */
  readonly misses: number;
  /** How long Docker may be away until a deployment counts as lost. */
  readonly lostMs: number;
}

const TIMES: DockerTimes = { lookMs: 2_000, againMs: 2_000, misses: 3, lostMs: 15 * 60_000 };
const RESTART: RestartPolicy = { firstMs: 500, mostMs: 30_000, settledMs: 60_000, most: 8 };
const STOP_S = 10;
const MOST_LINES = 40;

export interface DockerRunOptions {
  readonly clock: Clock;
  /** The key of NVIDIA's registry, where the platform has one. */
  readonly ngcKey: () => string | null;
  readonly restart?: Partial<RestartPolicy>;
  readonly times?: Partial<DockerTimes>;
}

/** It was given up; the message is for the status. */
class GivenUp extends Error {}

/** One container, kept running. */
export class DockerRun implements Run {
  private readonly over = new AbortController();
  private readonly whole: Promise<void>;
  private removed = false;
  private readonly image: Image;
  private readonly name: string;
  private readonly redactor: Redactor;
  private readonly times: DockerTimes;
  private readonly policy: RestartPolicy;

  constructor(
    private readonly order: Order,
    private readonly engine: Engine,
    private readonly options: DockerRunOptions,
    private readonly tellAll: Tell,
  ) {
    this.image = imageOf(order.spec)!;
    this.name = containerName(order.workspace, order.name);
    const key = options.ngcKey();
    this.redactor = createRedactor([...Object.values(order.secrets), ...(key === null ? [] : [key])]);
    this.times = { ...TIMES, ...options.times };
    this.policy = { ...RESTART, ...options.restart };
    this.whole = this.keep().catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      this.tell({ phase: 'error', message: error instanceof GivenUp ? message : `Docker: ${message}` });
    });
  }

  async logs(lines: number): Promise<readonly string[]> {
    try {
      return (await this.engine.logs(this.name, lines)).map((line) => this.redactor.text(line));
    } catch (error) {
      if (error instanceof EngineError && error.status === 404) return [];
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.leave();
    if (this.removed) return;
    await removeContainer(this.engine, this.order);
    this.removed = true;
  }

  async leave(): Promise<void> {
    this.over.abort(new Error('stopped'));
    await this.whole;
  }

  private readonly tell: Tell = (state) => {
    if (!this.over.signal.aborted) this.tellAll({ ...state, message: this.redactor.text(state.message) });
  };

  private get signal(): AbortSignal {
    return this.over.signal;
  }

  /** Life after life, until it is stopped. */
  private async keep(): Promise<void> {
    const { clock } = this.options;
    let short = 0;
    for (let first = true; !this.signal.aborted; first = false) {
      const since = clock.now();
      const container = await this.reached(() => this.up());
      if (container === null) return;
      const ready = await this.comeUp(container, since);
      if (this.signal.aborted) return;
      if (ready) await this.watch(container);
      if (this.signal.aborted) return;
      const how = await this.reached(() => this.ending());
      if (how === null) return;
      if (first && !ready) throw new GivenUp(`It ended before it was ready (${how})`);
      short = clock.now() - since >= this.policy.settledMs ? 1 : short + 1;
      if (short > this.policy.most) throw new GivenUp(`It ended ${short} times in a row (${how})`);
      const wait = backOff(short, this.policy);
      this.tell({ phase: 'pending', message: `It ended (${how}); it is started again in ${wait / 1000} s` });
      await rest(clock, wait, this.signal);
    }
  }

  /** A container of this version that runs: the one that is there, or a new one. */
  private async up(): Promise<Container> {
    const { engine, order, image, name } = this;
    const there = await engine.inspect(name, PORT);
    const ours = there?.labels[VERSION_LABEL] === order.id;
    if (there !== null && ours && there.running) return there;
    if (there !== null && !ours) await engine.remove(there.id);
    if (there === null || !ours) {
      await this.haveImage();
      this.tell({ phase: 'pending', message: `Creating a container of ${image.name}:${image.tag}` });
      await engine.create(name, containerBody(order, image, this.options.ngcKey()));
    }
    await engine.start(name);
    const started = await engine.inspect(name, PORT);
    if (started === null) throw new EngineError('the container is gone', 404);
    this.tell({
      phase: 'pending',
      message: `Container ${started.id.slice(0, 12)} of ${image.name}:${image.tag} is starting`,
    });
    return started;
  }

  private async haveImage(): Promise<void> {
    const { engine, image } = this;
    if (await engine.hasImage(`${image.name}:${image.tag}`)) return;
    this.tell({ phase: 'pending', message: `Pulling ${image.name}:${image.tag}` });
    const key = this.options.ngcKey();
    const auth =
      key !== null && isFromNgc(image) ? { username: '$oauthtoken', password: key, server: 'nvcr.io' } : null;
    await engine.pull(image.name, image.tag, auth, this.signal);
  }

  /** True when it answers; false when it ended before. */
  private async comeUp({ hostPort }: Container, since: number): Promise<boolean> {
    const { clock } = this.options;
    const { spec } = this.order;
    if (hostPort === null) return false;
    const url = `http://127.0.0.1:${hostPort}`;
    const probe = healthProbe(url, spec);
    while (!(await isHealthy(probe, this.signal))) {
      if (!(await rest(clock, Math.min(500, this.times.lookMs), this.signal))) return false;
      if ((await this.reached(() => this.engine.inspect(this.name, PORT)))?.running !== true) return false;
      if (clock.now() - since < spec.readyMs) continue;
      const lines = await this.logs(MOST_LINES).catch(() => []);
      await this.engine.stop(this.name, 0);
      throw new GivenUp(withLines(`It did not get ready within ${spec.readyMs / 1000} s`, lines));
    }
    this.tell({ phase: 'ready', message: 'Deployment is ready', url });
    return true;
  }

  /** Resolves when the container does not run any more. */
  private async watch({ hostPort }: Container): Promise<void> {
    const url = `http://127.0.0.1:${hostPort}`;
    const probe = healthProbe(url, this.order.spec);
    let misses = 0;
    while (await rest(this.options.clock, this.times.lookMs, this.signal)) {
      const now = await this.reached(() => this.engine.inspect(this.name, PORT));
      if (now?.running !== true) return;
      const well = await isHealthy(probe, this.signal);
      if (well && misses >= this.times.misses)
        this.tell({ phase: 'ready', message: 'Deployment is ready', url });
      misses = well ? 0 : misses + 1;
      if (misses === this.times.misses)
        this.tell({ phase: 'pending', message: 'Its container runs, but does not answer' });
    }
  }

  private async ending(): Promise<string> {
    const now = await this.engine.inspect(this.name, PORT);
    if (now === null) return 'its container is gone';
    const how = now.error === '' ? `exit code ${now.exitCode}` : now.error;
    return withLines(how, await this.logs(MOST_LINES).catch(() => []));
  }

  /** Does it when Docker can be reached; null when that is not awaited any more. */
  private async reached<T>(work: () => Promise<T>): Promise<T | null> {
    const { clock } = this.options;
    const since = clock.now();
    let told: 'pending' | 'lost' | null = null;
    while (!this.signal.aborted) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof EngineError) || error.status !== 0) throw error;
        const phase = clock.now() - since >= this.times.lostMs ? 'lost' : 'pending';
        if (told !== phase) this.tell({ phase, message: error.message });
        told = phase;
        await rest(clock, this.times.againMs, this.signal);
      }
    }
    return null;
  }
}

/** Ends a deployment's container and forgets what it kept. */
export async function removeContainer(
  engine: Engine,
  { workspace, name }: Pick<Order, 'workspace' | 'name'>,
): Promise<void> {
  const container = containerName(workspace, name);
  await engine.stop(container, STOP_S);
  await engine.remove(container);
  await engine.removeVolume(volumeName(workspace, name));
}
