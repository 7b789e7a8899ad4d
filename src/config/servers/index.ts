export type { AlmostServer, Detected } from './detect.js';
export { detectServers } from './detect.js';
export { agentBehind, undirected } from './environment-servers.js';
export { foldDummyModels } from './fold-dummy.js';
export { placedAt, placeRunning } from './placed.js';
export { checkReferences } from './references.js';
export { RESERVED_KEYS } from './reserved-keys.js';
