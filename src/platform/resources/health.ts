import { json, type Reply } from '../../serve/http/index.js';
import type { Endpoint } from '../http/index.js';

/** The version of the reference whose interface this is: clients compare it with their own. */
const PLATFORM_VERSION = '0.6.0';
const SERVICES = ['entities', 'auth', 'secrets', 'models', 'inference-gateway'];

/** `revision`: the version of this program. `works` rejects while requests cannot be served. */
export function healthEndpoints(revision: string, works: () => Promise<void>): Endpoint[] {
  const ready = async (): Promise<Reply> => {
    try {
      await works();
      return json({ status: 'ready' });
    } catch {
      return json({ detail: { status: 'not_ready' } }, 503);
    }
  };
  const status = {
    status: 'healthy',
    services: { ready: SERVICES, not_ready: [] },
    controllers: { healthy: true, status: { models_controller: true } },
  };
  return [
    { method: 'GET', path: '/health/live', handle: () => json({ status: 'live' }) },
    { method: 'GET', path: '/health/ready', handle: ready },
    { method: 'GET', path: '/status', handle: () => json(status) },
    {
      method: 'GET',
      path: '/cluster-info',
      handle: () => json({ platform_version: PLATFORM_VERSION, revision }),
    },
    { method: 'GET', path: '/apis/auth/discovery', handle: () => json({ auth_enabled: false, oidc: null }) },
  ];
}
