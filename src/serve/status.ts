import type { ResolvedConfig } from '../config/index.js';
import { CallFailure, isObject, type Json } from '../protocol/index.js';
import { ask, headAddress, urlOf, type InstanceInfo } from './head/index.js';
import { tokenOf } from './settings.js';

export type Health = 'success' | 'connection_error' | 'timeout' | 'unknown_error';

/** What runs, as its head server knows it and as it answers now. */
export interface ServersStatus {
  headUrl: string;
  /** Why the head server could not be asked; null when it answered. */
  error: string | null;
  servers: InstanceInfo[];
  /** The head answered, and every server did. */
  healthy: boolean;
}

const HEAD_MS = 5_000;
const SERVER_MS = 2_000;

/** Asks the head server what runs, then each server whether it lives. Never throws for a server that does not. */
export async function serversStatus(
  resolved: ResolvedConfig,
  now: () => number = Date.now,
): Promise<ServersStatus> {
  const { host, port } = headAddress(resolved);
  const headUrl = urlOf(host, port);
  const token = tokenOf(resolved.values);
  let listed: Json;
  try {
    listed = await ask(headUrl, '/server_instances', { token, timeoutMs: HEAD_MS });
  } catch (error) {
    return { headUrl, error: (error as Error).message, servers: [], healthy: false };
  }
  const instances = (Array.isArray(listed) ? listed : []).filter(isObject) as unknown as InstanceInfo[];
  const servers = await Promise.all(
    instances.map(async (instance) => ({
      ...instance,
      status: await probe(instance.url, token),
      uptime_seconds: instance.start_time === null ? null : now() / 1000 - instance.start_time,
    })),
  );
  const healthy = servers.every(({ status }) => status === 'success');
  return { headUrl, error: null, servers, healthy };
}

/** Any HTTP answer counts: a server that says 404 or 401 lives. */
export async function probe(url: string, token: string | null): Promise<Health> {
  try {
    await ask(url, '/', { token, timeoutMs: SERVER_MS });
    return 'success';
  } catch (error) {
    if (!(error instanceof CallFailure)) return error instanceof SyntaxError ? 'success' : 'unknown_error';
    if (error.details.status !== undefined || error.kind === 'auth') return 'success';
    return error.kind.startsWith('timeout') ? 'timeout' : 'connection_error';
  }
}
