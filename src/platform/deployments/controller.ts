import type { Clock } from '../../protocol/index.js';
import { refuse } from '../resources/index.js';
import type { Entity } from '../registry/index.js';
import { RENEW_MS, type Claim } from './claim.js';
import { Keeper, type KeeperOptions } from './keeper.js';
import { baseOf, newestOnly, versionsOf } from './versions.js';

const KIND = 'model-deployment';

export interface DeploymentsOptions extends KeeperOptions {
  readonly clock: Clock;
  readonly claim: Claim;
  /** False: only when {@link Deployments.pass} is called. */
  readonly byItself: boolean;
}

/** Keeps what runs in step with the deployments that there are. What goes wrong with one of them stays with it. */
export class Deployments {
  private readonly keeper: Keeper;
  /** Deployments that are being seen to, by workspace and name. */
  private readonly busy = new Map<string, Promise<void>>();
  private looking: Promise<void> | null = null;
  private again = false;
  private closed = false;
  private holds = false;
  private readonly tidied = new Set<string>();
  /** Deployments that changed while they were being seen to. */
  private readonly missed = new Set<string>();
  private stopTimer: () => void = () => undefined;
  private readonly unwatch: () => void;

  constructor(private readonly options: DeploymentsOptions) {
    this.keeper = new Keeper(options);
    this.unwatch = options.registry.watch((kind) => {
      if (kind === KIND) this.soon();
    });
  }

  /** Before the platform answers. */
  async begin(): Promise<void> {
    const { registry, claim, byItself } = this.options;
    if (!byItself) return;
    this.holds = await claim.take();
    if (this.holds) for (const each of newestOnly(registry.list(KIND, null))) await this.keeper.reset(each);
    this.soon();
  }

  /** Does what is to do now. What was started may not have come up when it resolves. */
  async pass(): Promise<void> {
    await this.look();
    await Promise.all(this.busy.values());
  }

  /** What a deployment's server printed last. Throws 409 when it is another platform that knows. */
  async logs(deployment: Entity, lines: number): Promise<readonly string[]> {
    const found = this.keeper.logs(deployment, lines);
    if (found !== null) return await found;
    if (this.holds || this.options.claim.alone) return [];
    throw refuse(409, 'Another platform on this database runs the deployments: it has the logs');
  }

  async close(): Promise<void> {
    this.closed = true;
    this.unwatch();
    this.stopTimer();
    await this.looking;
    await Promise.all(this.busy.values());
    await this.keeper.endAll((each) => each.leave());
    await Promise.all(this.options.executors.map((each) => each.close()));
    await this.options.claim.release().catch(() => undefined);
  }

  private soon(): void {
    if (!this.options.byItself || this.closed) return;
    if (this.looking !== null) {
      this.again = true;
      return;
    }
    this.stopTimer();
    this.looking = this.look()
      // The database may be gone: the next look finds out.
      .catch(() => undefined)
      .finally(() => {
        this.looking = null;
        if (this.closed) return;
        const wait = this.again ? 0 : RENEW_MS;
        this.again = false;
        this.stopTimer = this.options.clock.after(wait, () => this.soon());
      });
  }

  private async look(): Promise<void> {
    const { registry, claim } = this.options;
    this.holds = await claim.take();
    if (this.closed) return;
    if (!this.holds) {
      this.tidied.clear();
      // Another platform runs them now.
      await this.keeper.endAll((each) => each.stop());
      return;
    }
    const all = registry.list(KIND, null);
    this.see('', () => this.keeper.endOthers(new Set(registry.list(KIND, null).map(({ id }) => id))));
    this.tidy(all);
    for (const { workspace, base } of things(all)) {
      this.see(`${workspace}/${base}`, () => this.keeper.tend(versionsOf(registry, KIND, workspace, base)));
    }
  }

  /** Once: what earlier platforms left of deployments that nobody knows any more. */
  private tidy(all: readonly Entity[]): void {
    const known = new Set(all.map((each) => `${each.workspace}/${baseOf(each)}`));
    for (const executor of this.options.executors.filter(({ kind }) => !this.tidied.has(kind))) {
      this.see(executor.kind, async () => {
        await executor.tidy(known);
        this.tidied.add(executor.kind);
      });
    }
  }

  /**
   * One thing at a time for each deployment, and once more when it was asked for meanwhile. One that takes long does not
   * hold up the others.
   */
  private see(thing: string, work: () => Promise<void>): void {
    if (this.busy.has(thing)) {
      this.missed.add(thing);
      return;
    }
    const done = work()
      // It is tried again: the database may be away, or the executor.
      .catch(() => undefined)
      .finally(() => {
        this.busy.delete(thing);
        if (this.missed.delete(thing) && !this.closed) this.see(thing, work);
      });
    this.busy.set(thing, done);
  }
}

function things(all: readonly Entity[]): { workspace: string; base: string }[] {
  return newestOnly(all).map((each) => ({ workspace: each.workspace, base: baseOf(each) }));
}
