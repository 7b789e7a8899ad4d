import type { Clock, JsonObject, Middleware, MiddlewareHooks } from '../../protocol/index.js';
import type { Ledger } from './ledger.js';
import { shipped, TRANSLATOR } from './shipped/index.js';

/** The chains of a virtual model, in the order in which they run. */
export const CHAINS = ['request_middleware', 'response_middleware', 'post_response_middleware'] as const;
export type ChainName = (typeof CHAINS)[number];

/** One entry of a chain, as a virtual model has it. */
export interface Entry {
  readonly name: string;
  readonly config_type: string;
  readonly config: JsonObject | null;
  readonly config_id: string | null;
}

/** What is not this entry's to be: told as 422. */
export class UnfitEntry extends Error {
  override readonly name = 'UnfitEntry';
}

/** Every kind of middleware: what ships, and the user's own. */
export class Plugins {
  private readonly byName: ReadonlyMap<string, Middleware>;

  constructor(own: readonly Middleware[], services: { ledger: Ledger; clock: Clock }) {
    this.byName = new Map([...shipped(services), ...own].map((each) => [each.name, each]));
  }

  /** Makes the hooks of an entry. `of`: `workspace/name` of the virtual model. Throws {@link UnfitEntry}. */
  open({ name, config_type: type, config, config_id: id }: Entry, of: string, at: string): MiddlewareHooks {
    const plugin = this.byName.get(name);
    if (plugin === undefined)
      throw new UnfitEntry(`VirtualModel ${of} references unknown plugin '${name}' in ${at}.`);
    const where = `Config validation failed for plugin '${name}' in VirtualModel ${of} ${at}`;
    if (plugin.types?.includes(type) === false) {
      const known = plugin.types.map((each) => `'${each}'`).join(', ');
      throw new UnfitEntry(`${where}: Unknown config_type '${type}'. Supported: [${known}]`);
    }
    if (id !== null && id !== undefined && name !== TRANSLATOR)
      throw new UnfitEntry(
        `${where}: There are no stored configurations: give config in the place of config_id`,
      );
    try {
      return plugin.open(config ?? {}, type);
    } catch (error) {
      throw new UnfitEntry(`${where}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }

  /** Throws {@link UnfitEntry} for the first entry of a virtual model that does not fit. */
  check(data: JsonObject, of: string): void {
    for (const chain of CHAINS) {
      entriesOf(data, chain).forEach((entry, index) => this.open(entry, of, `${chain}[${index}]`));
    }
  }
}

export function entriesOf(data: JsonObject, chain: ChainName): readonly Entry[] {
  return (data[chain] ?? []) as unknown as readonly Entry[];
}
