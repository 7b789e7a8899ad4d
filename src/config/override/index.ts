export { applyOverrides, toNode } from './apply.js';
export type { Override } from './parse-override.js';
export { parseOverride } from './parse-override.js';
