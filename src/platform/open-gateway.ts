import { randomBytes } from 'node:crypto';
import { errors } from '../errors/index.js';
import { createRedactor, systemClock } from '../transport/index.js';
import { isObject, type Middleware } from '../protocol/index.js';
import {
  createApp,
  createGuard,
  DEFAULT_MAX_BODY_BYTES,
  HttpError,
  listen,
  notFound,
  plainError,
} from '../serve/http/index.js';
import type { PlatformName } from '../models/index.js';
import { baseOf, Gateway, Upstreams } from './gateway/index.js';
import { Chains, Ledger, Plugins } from './middleware/index.js';
import { openStoreToRead, type StoreSettings } from './open-store.js';
import { Registry } from './registry/index.js';
import { Vault } from './secrets/index.js';

/** The gateway of a platform that does not run, in this process and for this process. */
export interface LocalGateway {
  /** Where a provider or virtual model is asked, and the token that lets in. Throws NgError for one that cannot be. */
  address(named: PlatformName): { baseUrl: string; apiKey: string };
  close(): Promise<void>;
}

export interface GatewaySettings extends StoreSettings {
  /** The user's own middleware, which virtual models may name. */
  middleware?: readonly Middleware[];
}

const HOST = '127.0.0.1';

/**
 * Serves what a platform's database holds as it stands now, on loopback and with a token of its own: keys of providers
 * stay in here. Nothing is written but what virtual models used. Throws NgError where there is no database, or no key to it.
 */
export async function openGateway(settings: GatewaySettings): Promise<LocalGateway> {
  const store = await openStoreToRead(settings);
  try {
    const clock = systemClock;
    const registry = await Registry.openToRead(store.database, () => clock.now());
    const vault = new Vault(store.masterKeys);
    vault.check(registry);
    const redactor = createRedactor([]);
    const upstreams = new Upstreams({
      registry,
      vault,
      clock,
      random: Math.random,
      redactor,
      allowedHosts: null,
    });
    const ledger = new Ledger(registry, clock);
    const chains = new Chains(new Plugins(settings.middleware ?? [], { ledger, clock }), registry);
    const gateway = new Gateway({
      chains,
      registry,
      upstreams,
      clock,
      maxBodyBytes: DEFAULT_MAX_BODY_BYTES,
      ownRefusals: 'as they are',
    });
    const token = randomBytes(24).toString('base64url');
    const shutdown = new AbortController();
    const app = createApp({
      routes(method, path) {
        const found = gateway.find(method, path);
        if (found === undefined) throw notFound();
        return found;
      },
      guard: createGuard({ host: HOST, token }),
      redact: (text) => text,
      onError: (error) => plainError(error, (text) => redactor.text(text)),
      shutdown: shutdown.signal,
    });
    const listening = await listen('platform gateway', HOST, 0, app);
    return {
      address(named) {
        try {
          return {
            baseUrl: baseOf(listening.url, named, gateway.check(named)),
            apiKey: token,
          };
        } catch (error) {
          if (!(error instanceof HttpError)) throw error;
          throw errors.platformNameUnusable(
            named.kind,
            `${named.workspace}/${named.name}`,
            'the database of the platform, which does not run',
            detailOf(error),
          );
        }
      },
      async close() {
        shutdown.abort(new Error('the run is over'));
        listening.cut();
        await listening.drain();
        await upstreams.close();
        await ledger.write();
        gateway.close();
        chains.close();
        registry.close();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

function detailOf({ body, message }: HttpError): string {
  const detail = isObject(body) ? body['detail'] : undefined;
  return typeof detail === 'string' ? detail.replace(/\.$/, '') : message;
}
