import type { LookupFunction } from 'node:net';
import type { Clock } from '../../protocol/index.js';
import { createTransport, type Redactor, type RetryPolicy, type Transport } from '../../transport/index.js';
import { textOf, type Entity, type Registry } from '../registry/index.js';
import { DEFAULT_TEMPLATE, readTemplate, refuse } from '../resources/index.js';
import type { Vault } from '../secrets/index.js';
import { isSendable } from './headers.js';
import { checkedLookup, isForbiddenHost } from './hosts.js';

/** Most requests to one provider at a time; further ones wait. */
const MAX_CONCURRENT = 1024;
/** How long the connections to an address that nobody names any more stay open. Unit: ms. */
const RETIRED_MS = 600_000;
/** A request ends when nothing comes of it for long: there is no limit beside. Unit: ms. */
const TIMEOUTS = { callMs: 0 };
/** Every client has a policy of its own: asking again is its decision, unless another provider can be asked. */
const ONE_ATTEMPT: Partial<RetryPolicy> = { maxAttempts: 1, maxToldAttempts: 1, maxSilentAttempts: 1 };

export interface UpstreamOptions {
  readonly registry: Registry;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random: () => number;
  /** Without the keys of the platform: those are taken out where they may be. */
  readonly redactor: Redactor;
  /** Overrides of how often a provider is asked again; default: once. */
  readonly retry?: Partial<RetryPolicy>;
  /** The hosts that may be asked; null: all but those that nobody should ask. */
  readonly allowedHosts: readonly string[] | null;
  /** Looks up the addresses of a name; default: the system's. */
  readonly lookup?: LookupFunction;
  /** True for a provider whose server the platform runs itself. */
  readonly runs?: (provider: Entity) => boolean;
}

const NO_HEADER: Record<string, string> = {};

/** A provider that can be asked. */
export interface Upstream {
  readonly provider: Entity;
  readonly base: URL;
  readonly transport: Transport;
}

/** The connections to providers: one transport each, for as long as its address stands. */
export class Upstreams {
  private readonly transports = new Map<string, { url: string; transport: Transport }>();
  /** By the entity itself: a provider that was changed is another object. */
  private readonly known = new WeakMap<Entity, Upstream>();
  private readonly headers = new WeakMap<Entity, { secret: Entity; header: Record<string, string> }>();
  /** With what stops the timer of each. */
  private readonly retired = new Map<Transport, () => void>();
  private readonly unwatch: () => void;

  constructor(private readonly options: UpstreamOptions) {
    this.unwatch = options.registry.watch((kind) => {
      if (kind === 'model-provider') this.sweep();
    });
  }

  /** Throws 502 for an address that cannot be asked. */
  of(provider: Entity): Upstream {
    let known = this.known.get(provider);
    if (known === undefined) this.known.set(provider, (known = this.open(provider)));
    return known;
  }

  /** The header with the provider's key; empty without one. Throws 424 when the secret cannot be had. */
  auth(provider: Entity): Record<string, string> {
    const name = provider.data['api_key_secret_name'];
    if (typeof name !== 'string' || name === '') return NO_HEADER;
    // A changed provider or secret is another object.
    const found = this.options.registry.get('secret', provider.workspace, name);
    const known = this.headers.get(provider);
    if (known !== undefined && known.secret === found) return known.header;
    const header = this.render(provider);
    if (found !== undefined) this.headers.set(provider, { secret: found, header });
    return header;
  }

  private render(provider: Entity): Record<string, string> {
    const secret = this.key(provider);
    if (secret === null) return NO_HEADER;
    const { header, render } = readTemplate(textOf(provider.data, 'auth_header_format') || DEFAULT_TEMPLATE);
    const value = render(secret).trim();
    if (!isSendable(value)) {
      throw refuse(424, `The secret of provider ${idOf(provider)} has characters that a header cannot have`);
    }
    return { [header.toLowerCase()]: value };
  }

  /** The provider's key; null when it has none. Throws 424. */
  key(provider: Entity): string | null {
    const name = provider.data['api_key_secret_name'];
    if (typeof name !== 'string' || name === '') return null;
    const secret = this.options.registry.get('secret', provider.workspace, name);
    try {
      if (secret !== undefined) return this.options.vault.open(secret);
    } catch {
      // Told like one that is gone.
    }
    const text = `Could not fetch secret for provider ${idOf(provider)}; secret not found or unreachable`;
    throw refuse(424, text);
  }

  async close(): Promise<void> {
    this.unwatch();
    const present = [...this.transports.values()].map(({ transport }) => transport);
    for (const stop of this.retired.values()) stop();
    await Promise.all([...present, ...this.retired.keys()].map((transport) => transport.close()));
  }

  private open(provider: Entity): Upstream {
    const url = textOf(provider.data, 'host_url');
    const base = URL.canParse(url) ? new URL(url) : null;
    if (base === null || !/^https?:$/.test(base.protocol)) {
      throw refuse(502, `Backend networking error: '${url}' is not an address of http or https`);
    }
    const { allowedHosts, runs } = this.options;
    if (isForbiddenHost(base.hostname, allowedHosts) && runs?.(provider) !== true) {
      throw refuse(502, `Backend networking error: this platform does not ask ${base.hostname}`);
    }
    return { provider, base, transport: this.transport(provider, url) };
  }

  private transport(provider: Entity, url: string): Transport {
    const known = this.transports.get(provider.id);
    if (known?.url === url) return known.transport;
    if (known !== undefined) this.retire(known.transport);
    const { clock, random, redactor, retry, allowedHosts, lookup } = this.options;
    const transport = createTransport({
      name: idOf(provider),
      maxConcurrent: MAX_CONCURRENT,
      adaptive: false,
      timeouts: TIMEOUTS,
      retry: { ...ONE_ATTEMPT, ...retry },
      clock,
      random,
      redactor,
      lookup: checkedLookup(allowedHosts, lookup),
    });
    this.transports.set(provider.id, { url, transport });
    return transport;
  }

  /** What is in flight there may end by itself. */
  private retire(transport: Transport): void {
    const stop = this.options.clock.after(RETIRED_MS, () => {
      this.retired.delete(transport);
      void transport.close();
    });
    this.retired.set(transport, stop);
  }

  private sweep(): void {
    const present = new Set(this.options.registry.list('model-provider', null).map(({ id }) => id));
    for (const [id, { transport }] of this.transports) {
      if (present.has(id)) continue;
      this.transports.delete(id);
      this.retire(transport);
    }
  }
}

export function idOf({ workspace, name }: Pick<Entity, 'workspace' | 'name'>): string {
  return `${workspace}/${name}`;
}
