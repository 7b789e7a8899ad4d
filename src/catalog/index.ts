export { COMPONENT_KINDS } from './component.js';
export type { Component, ComponentKind } from './component.js';
export { listComponents } from './list-components.js';
export type { Catalog } from './list-components.js';
export { searchIn } from './search.js';
