import type { PlatformName } from '../../models/index.js';

/**
 * The base URL by which clients of OpenAI's form ask it at a platform. `host` is a provider's address: where that has a
 * path, its API is below it; where it has none, below `/v1`.
 */
export function baseOf(
  platform: string,
  { kind, workspace, name }: PlatformName,
  host: string | null,
): string {
  const root = `${platform}/apis/inference-gateway/v2/workspaces/${encodeURIComponent(workspace)}`;
  if (kind === 'virtual_model') return `${root}/model/${encodeURIComponent(name)}/-/v1`;
  const path = host !== null && URL.canParse(host) ? new URL(host).pathname.replace(/\/+$/, '') : '';
  return `${root}/provider/${encodeURIComponent(name)}/-${path === '' ? '/v1' : ''}`;
}
