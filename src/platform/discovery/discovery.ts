import type { Clock, Json, JsonObject } from '../../protocol/index.js';
import { ADAPTERS, idOf, type Upstreams } from '../gateway/index.js';
import { NoWorkspace, Taken, textOf, type Entity, type Registry } from '../registry/index.js';
import { askList } from './ask-list.js';
import { adapterEntityName, backendFormat, entityName } from './names.js';
import type { Listing } from './read-list.js';

/** Between looks at what is to do, and between questions to a provider that answered, or did not. Unit: ms. */
const LOOK_MS = 5_000;
const READY_MS = 60_000;
const ERROR_MS = 5_000;

interface Served {
  readonly model_entity_id: string;
  readonly served_model_name: string;
}

interface Asked {
  /** What the answer depended on. */
  readonly print: string;
  readonly at: number;
}

export interface DiscoveryOptions {
  readonly registry: Registry;
  readonly upstreams: Upstreams;
  readonly clock: Clock;
  /** False: only when {@link Discovery.pass} is called. */
  readonly byItself: boolean;
}

/**
 * Keeps entities and virtual models in step with what providers serve: asks each new or changed provider at once, and
 * all of them now and then. What goes wrong with one provider or one model stays with it.
 */
export class Discovery {
  private readonly asked = new Map<string, Asked>();
  private running: Promise<void> | null = null;
  private again = false;
  private closed = false;
  private stopTimer: () => void = () => undefined;
  private readonly unwatch: () => void;

  constructor(private readonly options: DiscoveryOptions) {
    this.unwatch = options.registry.watch((kind) => {
      if (kind === 'model-provider' || kind === 'secret') this.soon();
    });
    if (options.byItself) this.soon();
  }

  /** Does what is to do now; resolves when it is done. Providers that were asked lately are left alone unless `all`. */
  async pass(all = true): Promise<void> {
    const { registry, clock } = this.options;
    const due = registry
      .list('model-provider', null)
      .filter((provider) => all || this.isDue(provider, clock.now()));
    await Promise.all(due.map((provider) => this.ask(provider)));
    for (const provider of registry.list('model-provider', null)) await this.provide(provider);
    await this.tidy();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.unwatch();
    this.stopTimer();
    await this.running;
  }

  private soon(): void {
    if (!this.options.byItself || this.closed) return;
    if (this.running !== null) {
      this.again = true;
      return;
    }
    this.stopTimer();
    this.running = this.pass(false)
      // The database may be gone: the next look finds out.
      .catch(() => undefined)
      .finally(() => {
        this.running = null;
        if (this.closed) return;
        const wait = this.again ? 0 : LOOK_MS;
        this.again = false;
        this.stopTimer = this.options.clock.after(wait, () => this.soon());
      });
  }

  private isDue(provider: Entity, now: number): boolean {
    const asked = this.asked.get(provider.id);
    if (asked?.print !== this.print(provider)) return true;
    return now - asked.at >= (provider.data['status'] === 'READY' ? READY_MS : ERROR_MS);
  }

  /** Everything that the answer of a provider depends on. */
  private print({ workspace, data }: Entity): string {
    const secret = this.options.registry.get('secret', workspace, textOf(data, 'api_key_secret_name'));
    const {
      host_url: host,
      auth_header_format: format,
      default_extra_headers: defaults,
      required_extra_headers: needed,
    } = data;
    const { enabled_models: enabled } = data;
    return JSON.stringify([host, format, defaults, needed, enabled, secret?.id, secret?.version]);
  }

  private async ask(provider: Entity): Promise<void> {
    const { registry, upstreams, clock } = this.options;
    this.asked.set(provider.id, { print: this.print(provider), at: clock.now() });
    const listing = await askList(provider, upstreams, clock);
    await registry.update('model-provider', provider.workspace, provider.name, (data, now) => {
      // Another provider of the same name by now.
      if (now.id !== provider.id || data['host_url'] !== provider.data['host_url']) return undefined;
      const after = { ...data, ...resultOf(listing, provider) };
      return JSON.stringify(after) === JSON.stringify(data) ? undefined : after;
    });
  }

  /** Makes the entities and virtual models of what a provider serves, where they are missing. */
  private async provide(provider: Entity): Promise<void> {
    const ids = new Map(servedBy(provider).map((each) => [each.model_entity_id, each.served_model_name]));
    for (const [id, served] of ids) {
      const [workspace, name] = [id.slice(0, id.indexOf('/')), id.slice(id.indexOf('/') + 1)];
      // An adapter is served by its model's virtual model.
      if (workspace !== provider.workspace || name.includes(ADAPTERS)) continue;
      try {
        await this.provideEntity(provider, name, served);
        await this.provideVirtual(provider.workspace, name, id);
      } catch (error) {
        // Made by somebody else, or its workspace is just being deleted.
        if (!(error instanceof Taken || error instanceof NoWorkspace)) throw error;
      }
    }
  }

  private async provideEntity(provider: Entity, name: string, served: string): Promise<void> {
    const { registry } = this.options;
    const known = registry.get('model', provider.workspace, name);
    if (known === undefined) {
      await registry.create('model', provider.workspace, name, newEntity(provider, name, served));
      return;
    }
    const facts = factsOf(provider, name, served);
    const providers = providersOf(known);
    const complete = Object.keys(facts).every((key) => (known.data[key] ?? null) !== null);
    if (complete && providers.includes(idOf(provider))) return;
    await registry.update('model', provider.workspace, name, (data) => {
      const own = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null));
      const of = (data['model_providers'] ?? []) as string[];
      return {
        ...data,
        ...facts,
        ...own,
        model_providers: of.includes(idOf(provider)) ? of : [...of, idOf(provider)],
      };
    });
  }

  private async provideVirtual(workspace: string, name: string, entity: string): Promise<void> {
    const { registry } = this.options;
    if (registry.get('virtual-model', workspace, name) !== undefined) return;
    const data = { default_model_entity: entity, autoprovisioned: true, discovered: true };
    await registry.create('virtual-model', workspace, name, data);
  }

  /** Takes away what was made for providers that are gone, or serve it no more. */
  private async tidy(): Promise<void> {
    const { registry } = this.options;
    const providers = registry.list('model-provider', null);
    const present = new Set(providers.map(idOf));
    const served = new Set(providers.flatMap((each) => servedBy(each).map(({ model_entity_id: id }) => id)));
    for (const entity of registry.list('model', null)) {
      if (providersOf(entity).every((id) => present.has(id))) continue;
      await registry.update('model', entity.workspace, entity.name, (data) => ({
        ...data,
        model_providers: ((data['model_providers'] ?? []) as string[]).filter((id) => present.has(id)),
      }));
    }
    for (const { workspace, name, data } of registry.list('virtual-model', null)) {
      if (data['autoprovisioned'] !== true || data['discovered'] !== true) continue;
      if (!served.has(textOf(data, 'default_model_entity')))
        await registry.remove('virtual-model', workspace, name);
    }
    const ids = new Set(providers.map(({ id }) => id));
    for (const id of this.asked.keys()) if (!ids.has(id)) this.asked.delete(id);
  }
}

/** A provider that does not answer keeps what it served: it may be back in a moment. */
function resultOf({ status, message, ids, parents }: Listing, { workspace, data }: Entity): JsonObject {
  const result: JsonObject = { status, status_message: message };
  if (status === 'ERROR') return result;
  const enabled = (data['enabled_models'] ?? []) as string[];
  const wanted = (ids ?? []).filter((id) => enabled.length === 0 || enabled.includes(id));
  const deployed = typeof data['model_deployment_id'] === 'string';
  const served = wanted.flatMap((id): Served[] => {
    const parent = deployed ? parents?.get(id) : undefined;
    const name = parent === undefined ? entityName(id) : adapterEntityName(id, parent, workspace);
    return name === null ? [] : [{ model_entity_id: `${workspace}/${name}`, served_model_name: id }];
  });
  return { ...result, served_models: served as unknown as Json };
}

function factsOf(provider: Entity, name: string, served: string): JsonObject {
  const url = textOf(provider.data, 'host_url');
  return {
    api_endpoint: { url: plainUrl(url), model_id: name, api_key: null, format: 'openai' },
    backend_format: backendFormat(served),
  };
}

/** A host alone gets its slash. */
function plainUrl(url: string): string {
  return /^https?:\/\/[^/?#]+$/i.test(url) ? `${url}/` : url;
}

function newEntity(provider: Entity, name: string, served: string): JsonObject {
  return {
    description: `Auto-discovered model from provider ${idOf(provider)}`,
    ...factsOf(provider, name, served),
    model_providers: [idOf(provider)],
  };
}

function servedBy({ data }: Entity): readonly Served[] {
  return (data['served_models'] ?? []) as unknown as Served[];
}

function providersOf({ data }: Entity): readonly string[] {
  return (data['model_providers'] ?? []) as string[];
}
