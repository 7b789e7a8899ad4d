import type { Json, JsonObject } from '../../protocol/index.js';

/** What the registry keeps. */
export const KINDS = [
  'workspace',
  'project',
  'secret',
  'model-provider',
  'model',
  'virtual-model',
  'prompt',
  'usage',
  'token',
  'model-deployment-config',
  'model-deployment',
  'adapter',
  'fileset',
] as const;
export type EntityKind = (typeof KINDS)[number];

/** One thing in the registry. Never changed in place: a change is another object. */
export interface Entity {
  readonly kind: EntityKind;
  /** Empty for workspaces. */
  readonly workspace: string;
  readonly name: string;
  readonly id: string;
  /** 1, and one more with each change. */
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** What differs from kind to kind. */
  readonly data: JsonObject;
}

/** A field that is a text; empty when it is absent or anything else. */
export function textOf(data: Readonly<Record<string, Json | undefined>>, key: string): string {
  const value = data[key];
  return typeof value === 'string' ? value : '';
}
