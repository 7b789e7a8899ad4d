import type { JsonObject } from '../../protocol/index.js';
import { HttpError, json, type Reply } from '../../serve/http/index.js';
import { fit, readBody, type Call, type Given } from '../http/index.js';
import { NoWorkspace, Taken, type Entity, type EntityKind, type Registry } from '../registry/index.js';
import {
  Faults,
  integer,
  NAME,
  nullable,
  optional,
  PROJECT,
  text,
  type Field,
  type Kind,
} from '../schema/index.js';
import type { Ledger, Plugins } from '../middleware/index.js';
import type { Vault } from '../secrets/index.js';

/** What every group of endpoints works with. */
export interface ResourceParts {
  readonly registry: Registry;
  readonly vault: Vault;
  readonly plugins: Plugins;
  readonly ledger: Ledger;
  /** Unit: bytes. */
  readonly maxBodyBytes: number;
}

/** The workspace name that stands for all of them in lists. */
export const ALL_WORKSPACES = '-';

export const NO_BODY: Reply = { status: 204, body: '' };

export const nameField: Field = { kind: text({ max: 63, pattern: NAME }) };
export const descriptionField = optional(nullable(text({ max: 1000 })));
export const projectField = optional(nullable(text({ max: 255, pattern: PROJECT })));
export const versionQuery = { expected_db_version: optional(nullable(integer())) };

export function refuse(status: number, detail: string): HttpError {
  return new HttpError(status, { detail });
}

/** The body of a call, as `kind` wants it. Throws 422. */
export async function bodyOf({ exchange }: Call, kind: Kind, parts: ResourceParts): Promise<Given> {
  return fit(await readBody(exchange.request, parts.maxBodyBytes), kind);
}

/** The workspace of a list; null for all. Throws 404. */
export function listedWorkspace({ registry }: ResourceParts, name: string): string | null {
  if (name === ALL_WORKSPACES) return null;
  if (registry.get('workspace', '', name) === undefined) throw refuse(404, `Workspace '${name}' not found`);
  return name;
}

/** Throws 422 unless things can be made in this workspace, and in this project when one is named. */
export function needPlace({ registry }: ResourceParts, workspace: string, project: unknown): void {
  if (registry.get('workspace', '', workspace) === undefined) throw noWorkspace(workspace);
  if (typeof project !== 'string' || registry.get('project', workspace, project) !== undefined) return;
  throw refuse(
    422,
    `Project '${project}' does not exist in workspace '${workspace}'. Please create the project first.`,
  );
}

function noWorkspace(name: string): HttpError {
  return refuse(422, `Workspace '${name}' does not exist. Please create the workspace first.`);
}

/** The name in the path of a request that makes a thing: one that its body could have. Throws 422. */
export function pathName(name: string): string {
  const faults = new Faults();
  nameField.kind(name, ['path', 'name'], faults);
  faults.check();
  return name;
}

/** Makes a thing; `taken` is the text of the 409. */
export async function make(
  { registry }: ResourceParts,
  kind: EntityKind,
  workspace: string,
  name: string,
  data: JsonObject,
  taken: string,
): Promise<Entity> {
  try {
    return await registry.create(kind, workspace, name, data);
  } catch (error) {
    if (error instanceof NoWorkspace) throw noWorkspace(workspace);
    throw error instanceof Taken ? refuse(409, taken) : error;
  }
}

/** The fields that the caller gave and that are not null, over what stands. */
export function given({ value, given: names }: Given, data: JsonObject): JsonObject {
  const changed = Object.entries(value).filter(([key, item]) => names.has(key) && item !== null);
  return { ...data, ...Object.fromEntries(changed) };
}

export function created(body: JsonObject): Reply {
  return json(body, 201);
}
