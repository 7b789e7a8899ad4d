export type { Capability, ReasoningHistory } from './capability.js';
export { GENERIC, REASONING_HISTORIES } from './capability.js';
export type { CapabilityProblem } from './resolve.js';
export { CAPABILITIES, capabilityOfUrl, resolveCapability } from './resolve.js';
