import type { Clock, JsonObject } from '../../protocol/index.js';
import type { Entity, Registry } from '../registry/index.js';
import type { Executor, Order, Run, RunState } from './executors/executor.js';
import { provide, suspend } from './provider.js';
import { moved, statusOf, type DeploymentStatus } from './status.js';

const KIND = 'model-deployment';
/** Until a change is tried again that the database did not take. Unit: milliseconds. */
const AGAIN_MS = 1_000;

const STATUS: Readonly<Record<RunState['phase'], DeploymentStatus>> = {
  pending: 'PENDING',
  ready: 'READY',
  error: 'ERROR',
  lost: 'LOST',
};

/** One version of a deployment and what runs for it: what is told of the run becomes its status. */
export class Tended {
  private next: RunState | null = null;
  private writing: Promise<void> | null = null;
  private readonly over = new AbortController();
  private readonly run: Run;
  private gone = false;

  constructor(
    readonly deployment: Entity,
    private readonly order: Order,
    executor: Executor,
    private readonly registry: Registry,
    private readonly clock: Clock,
  ) {
    this.run = executor.start(order, (state) => this.told(state));
  }

  /** It was given up, and everybody can see that. */
  get gaveUp(): boolean {
    return this.gone;
  }

  logs(lines: number): Promise<readonly string[]> {
    return this.run.logs(lines);
  }

  async stop(): Promise<void> {
    this.over.abort(new Error('stopped'));
    await this.run.stop();
    await this.writing;
  }

  async leave(): Promise<void> {
    this.over.abort(new Error('left'));
    await this.run.leave();
    await this.writing;
  }

  private told(state: RunState): void {
    if (this.over.signal.aborted) return;
    this.next = state;
    this.writing ??= this.writeAll().finally(() => (this.writing = null));
  }

  /** While the database is away only the last state is kept: it is what is true when it is back. */
  private async writeAll(): Promise<void> {
    for (let state = this.next; state !== null && !this.over.signal.aborted; state = this.next) {
      try {
        await this.write(state);
        if (this.next === state) this.next = null;
      } catch {
        await this.clock.sleep(AGAIN_MS, this.over.signal).catch(() => undefined);
      }
    }
  }

  private async write(state: RunState): Promise<void> {
    const { registry, deployment, order } = this;
    const { spec } = order;
    if (state.phase !== 'ready') {
      await suspend(deployment, registry, state.message);
      await this.move(STATUS[state.phase], state.message);
      this.gone = state.phase === 'error';
      return;
    }
    await this.change((data) =>
      data['address'] === state.url ? undefined : { ...data, address: state.url! },
    );
    if (await provide(deployment, registry, { url: state.url!, spec })) {
      await this.move('READY', state.message, `${order.workspace}/${order.name}`);
      return;
    }
    const name = `${order.workspace}/${order.name}`;
    await this.move(
      'ERROR',
      `The provider '${name}' is somebody else's: it answers, but cannot be routed to`,
    );
  }

  /** Whoever deletes it has the last word. */
  private async move(status: DeploymentStatus, message: string, provider?: string): Promise<void> {
    const { clock } = this;
    await this.change((_, now) => {
      if (['DELETING', 'DELETED'].includes(statusOf(now))) return undefined;
      const data = moved(now, clock.now(), status, message);
      return data === undefined || provider === undefined ? data : { ...data, model_provider_id: provider };
    });
  }

  private async change(how: (data: JsonObject, now: Entity) => JsonObject | undefined): Promise<void> {
    const { registry, deployment } = this;
    await registry.update(KIND, deployment.workspace, deployment.name, (data, now) =>
      now.id === deployment.id ? how(data, now) : undefined,
    );
  }
}
