export type { Capability } from './capability.js';
export { GENERIC } from './capability.js';
