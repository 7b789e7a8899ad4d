import type { Clock, JsonObject } from '../../protocol/index.js';
import type { Entity, Registry } from '../registry/index.js';
import type { Vault } from '../secrets/index.js';
import type { Executor, Order } from './executors/executor.js';
import type { ExecutorKind } from './override.js';
import { suspend, withdraw } from './provider.js';
import { specOf, type Spec } from './spec.js';
import { moved, statusOf, type DeploymentStatus } from './status.js';
import { Tended } from './tended.js';
import { baseOf, findVersion } from './versions.js';

const KIND = 'model-deployment';
/** How long one that is gone is still shown. Unit: milliseconds. */
const SHOWN_MS = 5_000;
const RESTARTED = 'Starting again, after a restart of the platform';

export interface KeeperOptions {
  readonly registry: Registry;
  readonly vault: Vault;
  readonly clock: Clock;
  /** In the order in which they are tried for a config that names none. */
  readonly executors: readonly Executor[];
}

/** Does what one deployment needs now: its newest version runs, the others do not, and what is deleted ends. */
export class Keeper {
  private readonly tended = new Map<string, Tended>();

  constructor(private readonly options: KeeperOptions) {}

  /** What ended with an earlier platform is not shown as ready. */
  async reset(newest: Entity): Promise<void> {
    if (!['PENDING', 'READY', 'LOST'].includes(statusOf(newest))) return;
    // Containers go on without a platform.
    if (newest.data['executor'] === 'docker') return;
    await suspend(newest, this.options.registry, RESTARTED);
    await this.move(newest, 'PENDING', RESTARTED);
  }

  /** `versions`: all there are, the newest first. What was started may not have come up when it resolves. */
  async tend([newest, ...others]: readonly Entity[]): Promise<void> {
    if (newest === undefined) return;
    // The predecessor ends first: they may want the same memory.
    for (const each of others) await this.retire(each, newest);
    const status = statusOf(newest);
    if (status === 'DELETED') await this.forget(newest);
    else if (status === 'DELETING') await this.remove(newest);
    else if (status !== 'ERROR') await this.start(newest);
  }

  logs(deployment: Entity, lines: number): Promise<readonly string[]> | null {
    return this.tended.get(deployment.id)?.logs(lines) ?? null;
  }

  /** Ends what runs for deployments that are not there any more. */
  async endOthers(present: ReadonlySet<string>): Promise<void> {
    await Promise.all([...this.tended.keys()].filter((id) => !present.has(id)).map((id) => this.end(id)));
  }

  async endAll(how: (each: Tended) => Promise<void>): Promise<void> {
    const all = [...this.tended.values()];
    this.tended.clear();
    await Promise.all(all.map(how));
  }

  private async start(listed: Entity): Promise<void> {
    const { registry, clock, executors } = this.options;
    const known = this.tended.get(listed.id);
    if (known !== undefined) {
      const now = registry.get(KIND, listed.workspace, listed.name);
      // Somebody set back the status of one that was given up: that is a wish.
      if (!known.gaveUp || now === undefined || statusOf(now) === 'ERROR') return;
      await this.end(listed.id);
    }
    const spec = this.specFor(listed);
    if (typeof spec === 'string') {
      await this.move(listed, 'ERROR', spec);
      return;
    }
    const chosen = choose(spec, executors);
    if (typeof chosen === 'string') {
      await this.move(listed, 'PENDING', chosen);
      return;
    }
    const order = this.orderFor(listed, spec);
    if (typeof order === 'string') {
      await this.move(listed, 'ERROR', order);
      return;
    }
    const { kind } = chosen;
    // So that a platform without this executor knows what it cannot end.
    if (listed.data['executor'] !== kind) await this.change(listed, (data) => ({ ...data, executor: kind }));
    this.tended.set(listed.id, new Tended(listed, order, chosen, registry, clock));
  }

  private specFor({ workspace, data }: Entity): Spec | string {
    const { registry } = this.options;
    const { config, config_version: version } = data as { config: string; config_version: number };
    const found = findVersion(registry, 'model-deployment-config', { workspace, base: config, version });
    return found === undefined
      ? `Deployment config '${workspace}/${config}' version '${version}' does not exist`
      : specOf(found, registry);
  }

  private orderFor(deployment: Entity, spec: Spec): Order | string {
    const { registry, vault } = this.options;
    const { workspace, id } = deployment;
    const secrets: Record<string, string> = {};
    for (const [variable, name] of Object.entries(spec.override.secretEnvs)) {
      const secret = registry.get('secret', workspace, name);
      if (secret === undefined) return `Secret '${name}' not found in workspace '${workspace}'`;
      secrets[variable] = vault.open(secret);
    }
    return { workspace, name: baseOf(deployment), id, spec, secrets };
  }

  /** A version that is not the newest. */
  private async retire(version: Entity, newest: Entity): Promise<void> {
    await this.end(version.id);
    const status = statusOf(version);
    if (status === 'DELETED') await this.forget(version, newest);
    else if (status === 'DELETING') await this.move(version, 'DELETED', 'Deployment deleted');
    else await this.move(version, 'DELETED', 'Replaced by a newer version');
  }

  private async remove(deployment: Entity): Promise<void> {
    const { executors, registry } = this.options;
    await this.end(deployment.id);
    const kind = deployment.data['executor'] as ExecutorKind | undefined;
    const executor = executors.find((each) => each.kind === kind);
    // Without its executor nobody can say that nothing is left: that waits for a platform that has it.
    if (kind === 'docker' && executor === undefined) return;
    await executor?.discard(deployment.workspace, baseOf(deployment));
    await withdraw(deployment, registry);
    await this.move(deployment, 'DELETED', 'Deployment deleted');
  }

  /** A deleted deployment is shown for a moment; versions that were replaced stay as long as the one that runs. */
  private async forget(deployment: Entity, newest = deployment): Promise<void> {
    const { registry, clock } = this.options;
    await this.end(deployment.id);
    if (statusOf(newest) !== 'DELETED') return;
    if (clock.now() - Date.parse(`${newest.updatedAt}Z`) < SHOWN_MS) return;
    await registry.remove(KIND, deployment.workspace, deployment.name);
  }

  private async end(id: string): Promise<void> {
    await this.tended.get(id)?.stop();
    this.tended.delete(id);
  }

  private async move(deployment: Entity, status: DeploymentStatus, message: string): Promise<void> {
    const { clock } = this.options;
    await this.change(deployment, (_, now) => moved(now, clock.now(), status, message));
  }

  private async change(
    { workspace, name, id }: Entity,
    change: (data: JsonObject, now: Entity) => JsonObject | undefined,
  ): Promise<void> {
    await this.options.registry.update(KIND, workspace, name, (data, now) =>
      now.id === id ? change(data, now) : undefined,
    );
  }
}

/** The executor that a config names, or the first that takes it; else what it waits for. */
function choose(spec: Spec, executors: readonly Executor[]): Executor | string {
  const { executor: wanted } = spec.override;
  const asked = executors.filter(({ kind }) => (wanted === null ? kind !== 'external' : kind === wanted));
  const said = asked.map((each) => ({ each, refusal: each.refuses(spec) }));
  const taking = said.find(({ refusal }) => refusal === null)?.each;
  if (taking !== undefined) return taking;
  if (said.length > 0)
    return `Cannot run here: ${said.map(({ each, refusal }) => `${each.kind}: ${refusal}`).join('; ')}`;
  return `Waiting for a platform that runs ${wanted ?? 'process or docker'} deployments (ng platform start --deployments)`;
}
