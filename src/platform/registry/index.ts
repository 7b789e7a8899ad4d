export type { Entity, EntityKind } from './entity.js';
export { KINDS, textOf } from './entity.js';
export { newId } from './ids.js';
export type { Watcher } from './registry.js';
export { Conflict, NoWorkspace, Registry, Taken } from './registry.js';
