import type { JsonObject } from '../../protocol/index.js';
import { Taken, textOf, type Entity, type Registry } from '../registry/index.js';
import type { Spec } from './spec.js';
import { baseOf, versionsOf } from './versions.js';

const KIND = 'model-provider';

/** `workspace/name`, of a deployment and of its provider. */
export function idOfDeployment(deployment: Entity): string {
  return `${deployment.workspace}/${baseOf(deployment)}`;
}

/** The provider that was made for a deployment. */
function own(deployment: Entity, registry: Registry): Entity | undefined {
  const found = registry.get(KIND, deployment.workspace, baseOf(deployment));
  return found?.data['model_deployment_id'] === idOfDeployment(deployment) ? found : undefined;
}

/**
 * Makes the provider of a deployment that is ready, or lets the one that it has point to where it is now. False when
 * somebody else's provider has the name.
 */
export async function provide(
  deployment: Entity,
  registry: Registry,
  { url, spec }: { url: string; spec: Spec },
): Promise<boolean> {
  const { workspace } = deployment;
  const name = baseOf(deployment);
  const id = idOfDeployment(deployment);
  const data: JsonObject = {
    description: `Model provider of deployment ${id}`,
    project: deployment.data['project'] ?? null,
    host_url: url,
    api_key_secret_name: spec.override.apiKeySecret,
    model_deployment_id: id,
  };
  const made = { ...data, status: 'CREATED', status_message: 'Model provider created', served_models: [] };
  if (registry.get(KIND, workspace, name) === undefined) {
    try {
      await registry.create(KIND, workspace, name, made);
      return true;
    } catch (error) {
      if (!(error instanceof Taken)) throw error;
    }
  }
  if (own(deployment, registry) === undefined) return false;
  await registry.update(KIND, workspace, name, (before) => {
    const moved = before['host_url'] !== url;
    const known = ((before['served_models'] ?? []) as unknown[]).length > 0;
    // At the same address there is what was there before.
    const status = moved || !known ? 'CREATED' : 'READY';
    const after = { ...before, ...data, status, status_message: '' };
    return before['status'] === 'READY' && !moved ? undefined : after;
  });
  return true;
}

/** Tells that the deployment does not answer, so that nobody is routed to it. */
export async function suspend(deployment: Entity, registry: Registry, message: string): Promise<void> {
  if (own(deployment, registry) === undefined) return;
  await registry.update(KIND, deployment.workspace, baseOf(deployment), (before) =>
    before['status'] === 'ERROR'
      ? undefined
      : { ...before, status: 'ERROR', status_message: message.slice(0, 1000) },
  );
}

/**
 * True for a provider that points to where one of this platform's own servers was last seen. Anybody may write the name
 * of a deployment into a provider; the address nobody but the platform writes into a deployment.
 */
export function isOwnServer({ workspace, data }: Entity, registry: Registry): boolean {
  const [of, name = ''] = textOf(data, 'model_deployment_id').split('/');
  const deployment = versionsOf(registry, 'model-deployment', workspace, name)[0];
  const address = textOf(data, 'host_url');
  return of === workspace && address !== '' && deployment?.data['address'] === address;
}

/** Takes away what was made for it. */
export async function withdraw(deployment: Entity, registry: Registry): Promise<void> {
  const found = own(deployment, registry);
  if (found !== undefined) await registry.remove(KIND, found.workspace, found.name);
}
