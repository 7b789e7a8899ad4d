import type { JsonObject } from '../../protocol/index.js';
import type { Entity, Registry } from '../registry/index.js';
import { refuse } from '../resources/index.js';
import { NAME } from '../schema/index.js';

const RULE =
  'Name must start with a lowercase letter, be 2-63 characters, and use lowercase letters, digits, hyphens, and dots (no consecutive hyphens, cannot end with a hyphen).';

/** What stands between a model and its adapter in the name by which the adapter is asked. */
export const ADAPTERS = '&adapters/';

/** A provider that serves an entity, and how it calls it. */
export interface Serving {
  readonly provider: Entity;
  readonly served: string;
}

/** Where a request for a model goes. */
export interface Route {
  /** `workspace/name` of the entity: what replies call the model. */
  readonly entity: string;
  /** What the back end speaks. */
  readonly format: string;
  /** Those that serve it, oldest first. */
  readonly servings: readonly Serving[];
}

/** Finds what serves a model, from the registry's copy in memory. */
export class Routing {
  /** By `workspace/name` of the entity. */
  private byEntity: Map<string, Serving[]> | null = null;

  constructor(private readonly registry: Registry) {
    registry.watch((kind) => {
      if (kind === 'model-provider') this.byEntity = null;
    });
  }

  /** The virtual model that a client names, `name` or `workspace/name`, and the adapter after it, if any. Throws 404 and 422. */
  named(workspace: string, model: string): { virtual: Entity; adapter: string } {
    const at = model.indexOf(ADAPTERS);
    if (at === -1) return { virtual: this.virtualModel(workspace, model), adapter: '' };
    return { virtual: this.virtualModel(workspace, model.slice(0, at)), adapter: model.slice(at) };
  }

  /**
   * To the entity that a virtual model stands for, or to another in its place. `adapter` (`&adapters/workspace/name`) is
   * served by what serves its model, under a name of its own. Throws 404 and 422.
   */
  routeOf(virtual: Entity, other?: string, adapter = ''): Route {
    const entity = other ?? virtual.data['default_model_entity'];
    if (typeof entity !== 'string' || !entity.includes('/')) {
      throw refuse(422, unresolved(typeof entity === 'string' ? entity : virtual.name));
    }
    const asked = entity + adapter;
    const servings = this.servings().get(asked);
    const [of, short] = split(entity);
    const known = this.registry.get('model', of, short);
    if (servings === undefined || known === undefined)
      throw refuse(404, `Model entity not found for ${asked}`);
    return { entity: asked, format: formatOf(virtual, known, entity), servings };
  }

  /** Throws 404 and 422. */
  virtualModel(workspace: string, model: string): Entity {
    const name = model.startsWith(`${workspace}/`) ? model.slice(workspace.length + 1) : model;
    const virtual = this.registry.get('virtual-model', workspace, name);
    if (virtual !== undefined) return virtual;
    this.checkWorkspace(workspace);
    checkName('model', name);
    throw refuse(404, noVirtualModel(`${workspace}/${name}`));
  }

  /** Throws 422 for what can be no workspace. */
  checkWorkspace(workspace: string): void {
    checkName('workspace', workspace);
  }

  private servings(): Map<string, Serving[]> {
    if (this.byEntity !== null) return this.byEntity;
    const found = new Map<string, Serving[]>();
    for (const provider of this.registry.list('model-provider', null)) {
      if (provider.data['status'] !== 'READY') continue;
      const mappings = (provider.data['served_models'] ?? []) as {
        model_entity_id: string;
        served_model_name: string;
      }[];
      for (const { model_entity_id: id, served_model_name: served } of mappings) {
        const of = found.get(id) ?? [];
        if (of.some((each) => each.provider === provider)) continue;
        found.set(id, [...of, { provider, served }]);
      }
    }
    this.byEntity = found;
    return found;
  }
}

/** The virtual model's word on the back end wins over the entity's. */
function formatOf(virtual: Entity, entity: Entity, id: string): string {
  const models = (virtual.data['models'] ?? []) as JsonObject[];
  const own = models.find(({ model }) => model === id)?.['backend_format'] ?? models[0]?.['backend_format'];
  const format = own ?? entity.data['backend_format'];
  return typeof format === 'string' ? format : 'OPENAI_CHAT';
}

function checkName(what: string, name: string): void {
  if (!NAME.matches.test(name)) throw refuse(422, `Invalid ${what}: ${RULE}`);
}

function split(id: string): [string, string] {
  const at = id.indexOf('/');
  return [id.slice(0, at), id.slice(at + 1)];
}

function noVirtualModel(name: string): string {
  return `No VirtualModel named '${name}' was found. Inference requests must resolve to a VirtualModel; one is auto-created for every served model entity. Check that the model entity exists and is currently served by a provider, or create a VirtualModel explicitly.`;
}

function unresolved(model: string): string {
  return `Could not resolve model entity from body['model'] after request middleware: '${model}'`;
}
