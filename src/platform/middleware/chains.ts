import type { MiddlewareHooks } from '../../protocol/index.js';
import type { Entity, Registry } from '../registry/index.js';
import { HttpError } from '../../serve/http/index.js';
import { CHAINS, entriesOf, UnfitEntry, type ChainName, type Plugins } from './plugins.js';

/** An entry of a chain, ready. */
export interface Link {
  readonly name: string;
  /** `request_middleware[0]`. */
  readonly at: string;
  readonly hooks: MiddlewareHooks;
}

export type Chain = Readonly<Record<ChainName, readonly Link[]>>;

interface Opened {
  readonly text: string;
  readonly link: Link;
}

/** The open chains of all virtual models. An entry that did not change keeps its state when something else did. */
export class Chains {
  private readonly byEntity = new WeakMap<Entity, Chain | null>();
  /** By the virtual model's id and the place in its chains. */
  private readonly links = new Map<string, Map<string, Opened>>();
  private readonly unwatch: () => void;

  constructor(
    private readonly plugins: Plugins,
    registry: Registry,
    private readonly tell: (message: string) => void = () => undefined,
  ) {
    this.unwatch = registry.watch((kind) => {
      if (kind !== 'virtual-model') return;
      const present = new Set(registry.list('virtual-model', null).map(({ id }) => id));
      for (const id of this.links.keys()) if (!present.has(id)) this.links.delete(id);
    });
  }

  close(): void {
    this.unwatch();
  }

  /** Null for a virtual model without any. Throws 500 for one whose middleware this platform was started without. */
  of(virtual: Entity): Chain | null {
    let chain = this.byEntity.get(virtual);
    if (chain !== undefined) return chain;
    try {
      chain = this.open(virtual);
    } catch (error) {
      throw error instanceof UnfitEntry ? new HttpError(500, { detail: error.message }) : error;
    }
    this.byEntity.set(virtual, chain);
    return chain;
  }

  /** Says what must be known of and changes no reply. */
  report(message: string): void {
    this.tell(message);
  }

  private open(virtual: Entity): Chain | null {
    if (CHAINS.every((chain) => entriesOf(virtual.data, chain).length === 0)) return null;
    const before = this.links.get(virtual.id) ?? new Map<string, Opened>();
    const after = new Map<string, Opened>();
    const of = `${virtual.workspace}/${virtual.name}`;
    const chain = Object.fromEntries(
      CHAINS.map((name) => {
        const links = entriesOf(virtual.data, name).map((entry, index) => {
          const at = `${name}[${index}]`;
          const text = JSON.stringify(entry);
          const known = before.get(at);
          const link =
            known?.text === text
              ? known.link
              : { name: entry.name, at, hooks: this.plugins.open(entry, of, at) };
          after.set(at, { text, link });
          return link;
        });
        return [name, links] as const;
      }),
    ) as unknown as Chain;
    this.links.set(virtual.id, after);
    return chain;
  }
}
