import type { Json, JsonObject } from '../../protocol/index.js';
import { json, type Reply } from '../../serve/http/index.js';
import { readQuery, type Call, type Endpoint } from '../http/index.js';
import { pageFields, sortWords } from '../listing/index.js';
import { Taken, type Entity } from '../registry/index.js';
import { boolean, integer, nullable, object, oneOf, optional, required, text } from '../schema/index.js';
import {
  bodyOf,
  created,
  make,
  modelForm,
  nameField,
  needPlace,
  NO_BODY,
  NOBODY,
  projectField,
  refuse,
  type Collection,
  type ResourceParts,
} from '../resources/index.js';
import { DEPLOYMENT_STATUSES, MAX_MESSAGE, moved, statusOf, type DeploymentStatus } from './status.js';
import { baseOf, findVersion, keyOf, pageOfVersions, versionIn, versionOf, versionsOf } from './versions.js';

const ROOT = '/apis/models/v2/workspaces/{workspace}/deployments';
const KIND = 'model-deployment';
const FILTERS = [
  'config',
  'created_at',
  'entity_type',
  'id',
  'model_provider_id',
  'name',
  'project',
  'status',
  'status_message',
  'updated_at',
  'workspace',
];
/** Somebody else may take the number of a new version in the same moment. */
const TRIES = 5;
const MAX_LINES = 10_000;

const configFields = {
  config: required(text({ max: 255 })),
  config_version: optional(nullable(integer())),
};
const CREATE = object({ name: nameField, project: projectField, ...configFields });
const UPDATE = object(configFields);
const STATUS = object({
  status: required(oneOf(DEPLOYMENT_STATUSES)),
  status_message: optional(text({ max: MAX_MESSAGE }), ''),
  model_provider_id: optional(nullable(text({ max: 255 }))),
});
const VERSION = { version: optional(nullable(text())) };
const LOGS = { tail: optional(integer({ ge: 1, le: MAX_LINES }), 100) };

export interface DeploymentParts extends ResourceParts {
  readonly now: () => number;
  /** Throws when this platform has no deployments. */
  readonly enabled: () => void;
  /** What the server of a deployment printed last, the oldest line first. */
  readonly logs: (deployment: Entity, lines: number) => Promise<readonly string[]>;
}

export function deploymentForm(entity: Entity): JsonObject {
  const { id, workspace, createdAt, updatedAt, data } = entity;
  const of = (key: string): Json => data[key] ?? null;
  return {
    id,
    name: baseOf(entity),
    workspace,
    project: of('project'),
    created_at: createdAt,
    updated_at: updatedAt,
    entity_version: versionOf(entity),
    config: of('config'),
    config_version: of('config_version'),
    status: of('status'),
    status_message: data['status_message'] ?? '',
    status_history: data['status_history'] ?? [],
    model_provider_id: of('model_provider_id'),
    auth_context: { ...NOBODY },
  };
}

const DEPLOYMENTS: Collection = {
  kind: KIND,
  query: {
    ...pageFields(100),
    sort: optional(oneOf(sortWords('created_at', 'updated_at', 'name', 'status', 'config')), 'created_at'),
    all_versions: optional(boolean, false),
  },
  filters: FILTERS,
  form: deploymentForm,
  absent: (workspace, name) => refuse(404, `Deployment '${workspace}/${name}' not found`),
};

export function deploymentEndpoints(parts: DeploymentParts): Endpoint[] {
  const item = `${ROOT}/{name}`;
  const version = `${ROOT}/{deployment}/versions/{name}`;
  return [
    {
      method: 'GET',
      path: ROOT,
      query: DEPLOYMENTS.query,
      filters: FILTERS,
      handle: (call) => json(pageOfVersions(call, parts, DEPLOYMENTS)),
    },
    { method: 'POST', path: ROOT, body: CREATE, status: 201, handle: (call) => create(call, parts) },
    { method: 'GET', path: item, handle: (call) => json(deploymentForm(needNewest(call, parts))) },
    { method: 'POST', path: item, body: UPDATE, status: 201, handle: (call) => update(call, parts) },
    { method: 'DELETE', path: item, status: 202, handle: (call) => remove(call, parts) },
    { method: 'GET', path: `${item}/models`, handle: (call) => listModels(call, parts) },
    { method: 'GET', path: `${item}/logs`, query: LOGS, handle: (call) => showLogs(call, parts) },
    { method: 'GET', path: `${item}/versions`, handle: (call) => listVersions(call, parts) },
    {
      method: 'POST',
      path: `${item}/status`,
      query: VERSION,
      body: STATUS,
      handle: (call) => setStatus(call, parts),
    },
    { method: 'GET', path: version, handle: (call) => json(deploymentForm(needVersion(call, parts))) },
    { method: 'DELETE', path: version, status: 204, handle: (call) => removeVersion(call, parts) },
  ];
}

async function create(call: Call, parts: DeploymentParts): Promise<Reply> {
  const workspace = call.params['workspace']!;
  const { value } = await bodyOf(call, CREATE, parts);
  const { name, project } = value as { name: string; project: string | null };
  parts.enabled();
  const taken = `Deployment with workspace '${workspace}' and name '${name}' already exists`;
  if (versionsOf(parts.registry, KIND, workspace, name).length > 0) throw refuse(409, taken);
  const config = configIn(workspace, value, parts);
  needPlace(parts, workspace, project);
  const state = { status: 'CREATED', status_message: 'Deployment created' };
  const data = { ...fresh(name, 1, project, config), ...state };
  return created(deploymentForm(await make(parts, KIND, workspace, keyOf(name, 1), data, taken)));
}

async function update(call: Call, parts: DeploymentParts): Promise<Reply> {
  const { workspace = '', name = '' } = call.params;
  const { value } = await bodyOf(call, UPDATE, parts);
  parts.enabled();
  for (let tries = 1; ; tries += 1) {
    const [newest] = versionsOf(parts.registry, KIND, workspace, name);
    if (newest === undefined)
      throw refuse(400, `Deployment with workspace '${workspace}' and name '${name}' does not exist`);
    const config = configIn(workspace, value, parts);
    const number = versionOf(newest) + 1;
    const data = {
      ...fresh(name, number, newest.data['project'] ?? null, config),
      status: 'PENDING',
      status_message: 'Deployment update pending',
    };
    try {
      const made = await parts.registry.create(KIND, workspace, keyOf(name, number), data);
      return created(deploymentForm(made));
    } catch (error) {
      if (!(error instanceof Taken) || tries === TRIES) throw error;
    }
  }
}

function fresh(base: string, version: number, project: Json, config: Entity): JsonObject {
  return {
    base,
    entity_version: version,
    project,
    config: baseOf(config),
    config_version: versionOf(config),
    status_history: [],
    model_provider_id: null,
  };
}

/** The config of a request: the version that it names, else the newest. Throws 400. */
function configIn(workspace: string, asked: JsonObject, { registry }: ResourceParts): Entity {
  const { config, config_version: version } = asked as { config: string; config_version: number | null };
  const kind = 'model-deployment-config';
  // The reference takes 0 for none.
  const number = version === 0 ? null : version;
  const found = findVersion(registry, kind, { workspace, base: config, version: number });
  if (found !== undefined) return found;
  const which = number === null ? '' : ` version '${number}'`;
  throw refuse(400, `Deployment config '${workspace}/${config}'${which} does not exist`);
}

async function setStatus(call: Call, parts: DeploymentParts): Promise<Reply> {
  const { workspace = '', name = '' } = call.params;
  const { value } = await bodyOf(call, STATUS, parts);
  const { version } = readQuery(call.query, VERSION) as { version: string | null };
  parts.enabled();
  const number = version === null || version === '' ? null : versionIn(version);
  const found = findVersion(parts.registry, KIND, { workspace, base: name, version: number });
  const which = number === null ? '' : ` version '${version}'`;
  const absent = (): Error => refuse(404, `Deployment '${workspace}/${name}'${which} not found`);
  if (found === undefined) throw absent();
  const asked = value as {
    status: DeploymentStatus;
    status_message: string;
    model_provider_id: string | null;
  };
  const changed = await parts.registry.update(KIND, workspace, found.name, (_, now) => {
    // What is deleted stays so: it is on its way out.
    if (['DELETING', 'DELETED'].includes(statusOf(now)) && asked.status !== 'DELETED') {
      throw refuse(
        409,
        'Deployment is marked for deletion (DELETING). Only transition to DELETED is allowed.',
      );
    }
    const data = moved(now, parts.now(), asked.status, asked.status_message);
    if (data === undefined || asked.model_provider_id === null) return data;
    return { ...data, model_provider_id: asked.model_provider_id };
  });
  if (changed === undefined) throw absent();
  return json(deploymentForm(changed));
}

async function remove(call: Call, parts: DeploymentParts): Promise<Reply> {
  const { workspace = '', name = '' } = call.params;
  parts.enabled();
  const versions = versionsOf(parts.registry, KIND, workspace, name);
  if (versions.length === 0) throw DEPLOYMENTS.absent(workspace, name);
  return await removeAll(versions, parts);
}

async function removeVersion(call: Call, parts: DeploymentParts): Promise<Reply> {
  parts.enabled();
  return await removeAll([needVersion(call, parts)], parts);
}

/**
 * What is gone already is forgotten; everything else is marked, and ended by whoever tends deployments. As in the
 * reference, the history of one that never had another status begins with this one.
 */
async function removeAll(versions: readonly Entity[], { registry, now }: DeploymentParts): Promise<Reply> {
  if (versions.every((each) => statusOf(each) === 'DELETED')) {
    for (const { workspace, name } of versions) await registry.remove(KIND, workspace, name);
    return NO_BODY;
  }
  for (const { workspace, name } of versions) {
    await registry.update(KIND, workspace, name, (_, entity) =>
      statusOf(entity) === 'DELETED'
        ? undefined
        : moved(entity, now(), 'DELETING', 'Deployment deletion requested', false),
    );
  }
  return json(null, 202);
}

function listVersions({ params }: Call, parts: DeploymentParts): Reply {
  const { workspace = '', name = '' } = params;
  return json(versionsOf(parts.registry, KIND, workspace, name).map(deploymentForm));
}

/** The entities that the deployment's provider serves. */
function listModels(call: Call, parts: DeploymentParts): Reply {
  const deployment = needNewest(call, parts);
  const { workspace } = deployment;
  const provider = parts.registry.get('model-provider', workspace, baseOf(deployment));
  const id = `${workspace}/${baseOf(deployment)}`;
  const served = provider?.data['model_deployment_id'] === id ? (provider.data['served_models'] ?? []) : [];
  const names = new Set((served as { model_entity_id: string }[]).map((each) => each.model_entity_id));
  const models = parts.registry
    .list('model', null)
    .filter((each) => names.has(`${each.workspace}/${each.name}`));
  return json({
    workspace,
    name: baseOf(deployment),
    models: models.map((each) => modelForm(each, parts.registry)),
  });
}

async function showLogs(call: Call, parts: DeploymentParts): Promise<Reply> {
  const { tail } = readQuery(call.query, LOGS) as { tail: number };
  const deployment = needNewest(call, parts);
  const lines = await parts.logs(deployment, tail);
  return json({ workspace: deployment.workspace, name: baseOf(deployment), lines: [...lines] });
}

function needNewest({ params }: Call, { registry }: ResourceParts): Entity {
  const { workspace = '', name = '' } = params;
  const found = findVersion(registry, KIND, { workspace, base: name, version: null });
  if (found === undefined) throw DEPLOYMENTS.absent(workspace, name);
  return found;
}

function needVersion({ params }: Call, { registry }: ResourceParts): Entity {
  const { workspace = '', deployment = '', name = '' } = params;
  const found = findVersion(registry, KIND, { workspace, base: deployment, version: versionIn(name) });
  if (found !== undefined) return found;
  throw refuse(404, `Deployment '${workspace}/${deployment}' version '${name}' not found`);
}
