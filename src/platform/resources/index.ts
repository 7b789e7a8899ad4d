import type { Endpoint } from '../http/index.js';
import { adapterEndpoints } from './adapters.js';
import { filesetEndpoints } from './filesets.js';
import { healthEndpoints } from './health.js';
import { memberEndpoints } from './members.js';
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
export type { Collection } from './collection.js';
export { modelForm } from './models.js';
export { TOOL_CALLS } from './model-schema.js';
export type { ResourceParts } from './parts.js';
export {
  bodyOf,
  created,
  descriptionField,
  listedWorkspace,
  make,
  nameField,
  needPlace,
  NO_BODY,
  projectField,
  refuse,
} from './parts.js';
export { BUILT_IN } from './workspaces.js';
export { NOBODY, NVIDIA_BUILD } from './providers.js';
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
    ...memberEndpoints(parts),
    ...filesetEndpoints(parts),
    ...modelEndpoints(parts),
    ...adapterEndpoints(parts),
    ...providerEndpoints(parts),
    ...promptEndpoints(parts),
    ...virtualModelEndpoints(parts),
    ...tokenEndpoints(parts),
  ];
}
