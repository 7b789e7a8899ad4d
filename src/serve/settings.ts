import { networkInterfaces } from 'node:os';
import type { ConfigObject, ResolvedConfig, ServerInstance } from '../config/index.js';
import { errors } from '../errors/index.js';
import { headAddress, portOf, textOf } from './head/index.js';
import { DEFAULT_MAX_BODY_BYTES, isLoopback } from './http/index.js';
import { DEFAULT_SESSION_TTL_MS } from './environment/index.js';

/** Where a server listens, and by what name clients reach it. */
export interface Binding {
  readonly host: string;
  readonly port: number;
  /** The address to publish: another than `host` when that is "every interface". */
  readonly advertised: string;
}

export interface ServeSettings {
  head(): Binding;
  readonly token: string | null;
  readonly maxBodyBytes: number;
  readonly sessionTtlMs: number;
  binding(server: ServerInstance): Binding;
}

const MIN_TOKEN_LENGTH = 16;

/**
 * Reads what the configuration says about serving: `default_host`, `use_absolute_ip`, `server_token`,
 * `max_request_bytes`, `session_ttl_seconds`, `head_server`, and `host` and `port` of each block. An address that
 * other machines can reach is refused without a token.
 */
export function serveSettings(resolved: ResolvedConfig): ServeSettings {
  const { values } = resolved;
  const token = tokenOf(values);
  const everywhere = values['use_absolute_ip'] === true;
  const fallback = textOf(values['default_host'], 'default_host') ?? (everywhere ? '0.0.0.0' : '127.0.0.1');
  const bind = (name: string, host: string, port: number): Binding => {
    if (!isLoopback(host)) requireToken(name, host, token);
    return { host, port, advertised: advertisedHost(host) };
  };
  return {
    head: () => {
      const { host, port } = headAddress(resolved);
      return bind('head_server', host, port);
    },
    token,
    maxBodyBytes: positive(values, 'max_request_bytes') ?? DEFAULT_MAX_BODY_BYTES,
    sessionTtlMs: 1000 * (positive(values, 'session_ttl_seconds') ?? DEFAULT_SESSION_TTL_MS / 1000),
    binding({ name, type, implementation, config }) {
      const key = `${name}.${type}.${implementation}`;
      const host = textOf(config['host'], `${key}.host`) ?? fallback;
      return bind(name, host, portOf(config['port'], `${key}.port`) ?? 0);
    },
  };
}

/** The token as configured; null when there is none. */
export function tokenOf(values: ConfigObject): string | null {
  const token = values['server_token'];
  if (token === undefined || token === null || token === '') return null;
  if (typeof token === 'string' && !/[^\x21-\x7e]/.test(token)) return token;
  throw errors.serveSettingInvalid('server_token', 'a text of printable ASCII characters without blanks');
}

function requireToken(name: string, host: string, token: string | null): void {
  if (token === null) throw errors.tokenNeeded(name, host);
  if (token.length < MIN_TOKEN_LENGTH) {
    throw errors.serveSettingInvalid('server_token', `a text of at least ${MIN_TOKEN_LENGTH} characters`);
  }
}

function positive(values: ConfigObject, key: string): number | undefined {
  const value = values[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && value > 0) return value;
  throw errors.serveSettingInvalid(key, 'a number greater than 0');
}

/** "Every interface" is no address to connect to: the first one of this machine that others can see is. */
function advertisedHost(host: string): string {
  if (host !== '0.0.0.0' && host !== '::') return host;
  const family = host === '::' ? 'IPv6' : 'IPv4';
  const seen = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const found = seen.find((address) => address.family === family && !address.internal);
  return found?.address ?? (host === '::' ? '::1' : '127.0.0.1');
}
