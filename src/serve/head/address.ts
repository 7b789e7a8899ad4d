import type { ConfigObject, ResolvedConfig } from '../../config/index.js';
import { errors } from '../../errors/index.js';

/** The reference's place for the head server. */
const DEFAULT_HEAD = { host: '127.0.0.1', port: 11_000 };

/** `head_server.host` and `.port`; each may be given alone. */
export function headAddress(resolved: ResolvedConfig): { host: string; port: number } {
  const given = resolved.values['head_server'];
  const block: ConfigObject =
    typeof given === 'object' && given !== null && !Array.isArray(given) ? given : {};
  return {
    host: textOf(block['host'], 'head_server.host') ?? DEFAULT_HEAD.host,
    port: portOf(block['port'], 'head_server.port') ?? DEFAULT_HEAD.port,
  };
}

/** A host name or address; undefined when it is not set. */
export function textOf(value: unknown, key: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && value !== '') return value;
  throw errors.serveSettingInvalid(key, 'a text');
}

/** 0 to 65535; undefined when it is not set. */
export function portOf(value: unknown, key: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  const port = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw errors.serveSettingInvalid(key, 'a port number from 0 to 65535');
}

export function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
