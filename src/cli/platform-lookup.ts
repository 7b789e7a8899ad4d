import { errors } from '../errors/index.js';
import type { LocalGateway, PlatformLookup } from '../index.js';
import { createApi, RemoteError, type Api } from './client/api.js';
import { resolveTarget } from './client/settings.js';

type Named = Parameters<PlatformLookup>[0];

/** Finds what model blocks name of the platform, for one run. */
export interface OpenLookup {
  readonly platform: PlatformLookup;
  close(): Promise<void>;
}

/**
 * At the platform that runs (`NMP_BASE_URL`, the saved settings, port 8080 of this machine); where this machine should
 * have one and it does not run, in its database.
 */
export function openLookup(env: Readonly<Record<string, string | undefined>>): OpenLookup {
  let local: Promise<LocalGateway> | undefined;
  return {
    async platform(named) {
      const target = await resolveTarget(env, {});
      const api = createApi(target);
      if (await answers(api)) {
        const baseUrl = await baseAt(api, named);
        return { baseUrl, apiKey: target.token ?? '' };
      }
      local ??= import('../index.js').then(({ openGateway }) => openGateway({ env }));
      return (await local).address(named);
    },
    async close() {
      await (await local?.catch(() => undefined))?.close();
    },
  };
}

/** False where nothing, or something else, answers on this machine. Throws NgError for any other place. */
async function answers(api: Api): Promise<boolean> {
  const { baseUrl } = api.target;
  try {
    const info = (await api.call('GET', '/cluster-info')) as { platform_version?: unknown } | null;
    if (typeof info?.platform_version === 'string') return true;
    if (isHere(baseUrl)) return false;
    throw errors.platformUnreachable(baseUrl, 'what answers there is no platform.');
  } catch (error) {
    if (error instanceof RemoteError && (error.status === 401 || !isHere(baseUrl))) {
      throw errors.platformUnreachable(baseUrl, error.message);
    }
    if (error instanceof RemoteError || error instanceof SyntaxError) return false;
    throw error;
  }
}

function isHere(url: string): boolean {
  return /^https?:\/\/(localhost|127\.[\d.]+|\[::1\])(:|\/|$)/i.test(url);
}

async function baseAt(api: Api, named: Named): Promise<string> {
  const { kind, workspace, name } = named;
  const [of, called] = [workspace, name].map(encodeURIComponent) as [string, string];
  // Both are of the gateway, so that a token for inference alone is enough.
  const gateway = `/apis/inference-gateway/v2/workspaces/${of}`;
  const path =
    kind === 'provider' ? `${gateway}/provider/${called}/ready` : `${gateway}/openai/-/v1/models/${called}`;
  try {
    const found = (await api.call('GET', path)) as { host_url?: string } | null;
    const { platformBase } = await import('../index.js');
    return await platformBase(api.target.baseUrl, named, found?.host_url ?? null);
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    throw errors.platformNameUnusable(
      kind,
      `${workspace}/${name}`,
      api.target.baseUrl,
      error.message.replace(/\.? \(HTTP \d+\)$/, ''),
    );
  }
}
