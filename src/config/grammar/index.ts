export { Cursor } from './cursor.js';
export type { Fail } from './cursor.js';
export type { Dialect } from './parse-value.js';
export { parseElement } from './parse-value.js';
export type { Interpolation, Reference, ResolverCall, Value } from './value.js';
export { Dict, Template } from './value.js';
