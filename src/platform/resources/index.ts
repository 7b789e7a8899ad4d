import type { Endpoint } from '../http/index.js';
import { healthEndpoints } from './health.js';
import { modelEndpoints } from './models.js';
import type { ResourceParts } from './parts.js';
import { projectEndpoints } from './projects.js';
import { promptEndpoints } from './prompts.js';
import { providerEndpoints } from './providers.js';
import { secretEndpoints } from './secrets.js';
import { tokenEndpoints } from './tokens.js';
import { virtualModelEndpoints } from './virtual-models.js';
import { workspaceEndpoints } from './workspaces.js';

export type { AuthTemplate } from './auth-template.js';
export { DEFAULT_TEMPLATE, readTemplate } from './auth-template.js';
export { refuse } from './parts.js';
export { BUILT_IN } from './workspaces.js';
export { NVIDIA_BUILD } from './providers.js';
export { NGC } from './secrets.js';

/** Everything that manages entities. */
export function resourceEndpoints(
  parts: ResourceParts,
  revision: string,
  works: () => Promise<void>,
): Endpoint[] {
  return [
    ...healthEndpoints(revision, works),
    ...workspaceEndpoints(parts),
    ...projectEndpoints(parts),
    ...secretEndpoints(parts),
    ...modelEndpoints(parts),
    ...providerEndpoints(parts),
    ...promptEndpoints(parts),
    ...virtualModelEndpoints(parts),
    ...tokenEndpoints(parts),
  ];
}
