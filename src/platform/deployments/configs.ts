import type { Json, JsonObject } from '../../protocol/index.js';
import { json, type Reply } from '../../serve/http/index.js';
import type { Call, Endpoint } from '../http/index.js';
import { pageFields, sortWords } from '../listing/index.js';
import { Taken, type Entity } from '../registry/index.js';
import { Faults, oneOf, optional } from '../schema/index.js';
import {
  bodyOf,
  created,
  make,
  needPlace,
  NO_BODY,
  refuse,
  type Collection,
  type ResourceParts,
} from '../resources/index.js';
import { CREATE_CONFIG, UPDATE_CONFIG } from './config-schema.js';
import { readOverride } from './override.js';
import { modelOf } from './spec.js';
import {
  baseOf,
  findVersion,
  keyOf,
  newestOnly,
  pageOfVersions,
  versionIn,
  versionOf,
  versionsOf,
} from './versions.js';

const ROOT = '/apis/models/v2/workspaces/{workspace}/deployment-configs';
const KIND = 'model-deployment-config';
const FILTERS = [
  'created_at',
  'description',
  'entity_type',
  'id',
  'model_entity_id',
  'name',
  'project',
  'updated_at',
  'workspace',
];
/** Somebody else may take the number of a new version in the same moment. */
const TRIES = 5;

function form(entity: Entity): JsonObject {
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
    description: of('description'),
    engine: of('engine'),
    model_spec: of('model_spec'),
    executor_config: of('executor_config'),
    model_entity_id: of('model_entity_id'),
  };
}

const CONFIGS: Collection = {
  kind: KIND,
  query: {
    ...pageFields(100),
    sort: optional(oneOf(sortWords('created_at', 'updated_at', 'name', 'engine')), 'created_at'),
  },
  filters: FILTERS,
  form,
  absent: (workspace, name) => refuse(404, `Deployment config '${workspace}/${name}' not found`),
};

/** `enabled`: throws when this platform has no deployments. */
export function configEndpoints(parts: ResourceParts, enabled: () => void): Endpoint[] {
  const item = `${ROOT}/{name}`;
  const version = `${ROOT}/{config}/versions/{name}`;
  return [
    {
      method: 'GET',
      path: ROOT,
      query: CONFIGS.query,
      filters: FILTERS,
      handle: (call) => json(pageOfVersions(call, parts, CONFIGS)),
    },
    { method: 'POST', path: ROOT, body: CREATE_CONFIG, status: 201, handle: (call) => create(call, parts) },
    { method: 'GET', path: item, handle: (call) => show(call, parts) },
    {
      method: 'POST',
      path: item,
      body: UPDATE_CONFIG,
      status: 201,
      handle: (call) => update(call, parts, enabled),
    },
    { method: 'DELETE', path: item, status: 204, handle: (call) => remove(call, parts, enabled) },
    { method: 'GET', path: `${item}/versions`, handle: (call) => listVersions(call, parts) },
    { method: 'GET', path: version, handle: (call) => showVersion(call, parts) },
    { method: 'DELETE', path: version, status: 204, handle: (call) => removeVersion(call, parts, enabled) },
  ];
}

async function create(call: Call, parts: ResourceParts): Promise<Reply> {
  const workspace = call.params['workspace']!;
  const { value } = await bodyOf(call, CREATE_CONFIG, parts);
  const { name, ...data } = value as JsonObject & { name: string };
  const taken = `Deployment config with workspace '${workspace}' and name '${name}' already exists`;
  if (versionsOf(parts.registry, KIND, workspace, name).length > 0) throw refuse(409, taken);
  check(data);
  needPlace(parts, workspace, data['project']);
  const entity = data['model_entity_id'] ?? servedEntity(data, parts);
  const whole = { ...data, model_entity_id: entity, base: name, entity_version: 1 };
  return created(form(await make(parts, KIND, workspace, keyOf(name, 1), whole, taken)));
}

/** The model entity whose name the config has, where there is one. */
function servedEntity({ model_spec: spec }: JsonObject, { registry }: ResourceParts): string | null {
  const [namespace, name] = modelOf(spec as JsonObject);
  if (namespace === null || name === null) return null;
  return registry.get('model', namespace, name) === undefined ? null : `${namespace}/${name}`;
}

async function update(call: Call, parts: ResourceParts, enabled: () => void): Promise<Reply> {
  const { workspace = '', name = '' } = call.params;
  const { value } = await bodyOf(call, UPDATE_CONFIG, parts);
  enabled();
  for (let tries = 1; ; tries += 1) {
    const [newest] = versionsOf(parts.registry, KIND, workspace, name);
    if (newest === undefined) {
      throw refuse(400, `Deployment config with workspace '${workspace}' and name '${name}' does not exist`);
    }
    check(value);
    const number = versionOf(newest) + 1;
    const data = { ...value, project: newest.data['project'] ?? null, base: name, entity_version: number };
    try {
      return created(form(await parts.registry.create(KIND, workspace, keyOf(name, number), data)));
    } catch (error) {
      // Somebody else made this version: ours is the next one.
      if (!(error instanceof Taken) || tries === TRIES) throw error;
    }
  }
}

function show({ params }: Call, parts: ResourceParts): Reply {
  const { workspace = '', name = '' } = params;
  const found = findVersion(parts.registry, KIND, { workspace, base: name, version: null });
  if (found === undefined) throw CONFIGS.absent(workspace, name);
  return json(form(found));
}

function listVersions({ params }: Call, parts: ResourceParts): Reply {
  const { workspace = '', name = '' } = params;
  return json(versionsOf(parts.registry, KIND, workspace, name).map(form));
}

function showVersion({ params }: Call, parts: ResourceParts): Reply {
  return json(form(needVersion(params, parts)));
}

async function remove({ params }: Call, parts: ResourceParts, enabled: () => void): Promise<Reply> {
  const { workspace = '', name = '' } = params;
  enabled();
  const using = users(parts, workspace, name);
  if (using.length > 0) {
    throw refuse(
      409,
      `${inUse(`'${workspace}/${name}'`, using.length)}. Delete the dependent deployments first.`,
    );
  }
  const versions = versionsOf(parts.registry, KIND, workspace, name);
  if (versions.length === 0) throw CONFIGS.absent(workspace, name);
  for (const each of versions) await parts.registry.remove(KIND, workspace, each.name);
  return NO_BODY;
}

async function removeVersion({ params }: Call, parts: ResourceParts, enabled: () => void): Promise<Reply> {
  const { workspace = '', config = '' } = params;
  enabled();
  const number = versionIn(params['name']!);
  const using = users(parts, workspace, config).filter(({ data }) => data['config_version'] === number);
  if (using.length > 0) throw refuse(409, inUse(`'${workspace}/${config}' version ${number}`, using.length));
  const found = needVersion(params, parts);
  await parts.registry.remove(KIND, workspace, found.name);
  return NO_BODY;
}

function needVersion(
  { workspace = '', config = '', name = '' }: Call['params'],
  parts: ResourceParts,
): Entity {
  const found = findVersion(parts.registry, KIND, { workspace, base: config, version: versionIn(name) });
  if (found !== undefined) return found;
  throw refuse(404, `Deployment config '${workspace}/${config}' version '${name}' not found`);
}

/** Deployments whose newest version has a config. */
function users({ registry }: ResourceParts, workspace: string, config: string): Entity[] {
  return newestOnly(registry.list('model-deployment', workspace)).filter(
    ({ data }) => data['config'] === config && data['status'] !== 'DELETED',
  );
}

function inUse(what: string, users: number): string {
  return `Cannot delete ModelDeploymentConfig ${what} because ${users} ModelDeployment(s) still reference it and are not in DELETED status`;
}

/** Throws 400 for what no executor could run, and 422 for what this platform cannot read. */
function check({ engine, executor_config: executor, model_spec: model }: JsonObject): void {
  const run = executor as JsonObject;
  const faults = new Faults();
  const override = readOverride(run['override_config'] ?? null, faults);
  faults.check();
  if (engine !== 'generic') return;
  if (override.executor !== 'external' && override.command === null) checkGeneric(run);
  if ((model as JsonObject)['lora_enabled'] !== true) return;
  throw refuse(
    400,
    "The 'generic' engine does not support LoRA (model_spec.lora_enabled); there is no engine compiler to wire the adapter sidecar against.",
  );
}

function checkGeneric(run: JsonObject): void {
  const fields = ['image_name', 'health_check_path'];
  const given = (field: string): string => (typeof run[field] === 'string' ? run[field] : '');
  const listed = (names: readonly string[]): string =>
    names.map((name) => `executor_config.${name}`).join(' and ');
  const missing = fields.filter((field) => given(field).trim() === '');
  if (missing.length > 0) {
    throw refuse(
      400,
      `The 'generic' engine requires ${listed(missing)} to be set (no platform default exists for a generic container).`,
    );
  }
  const padded = fields.filter((field) => given(field) !== given(field).trim());
  if (padded.length > 0) throw refuse(400, `${listed(padded)} must not have leading or trailing whitespace.`);
}
