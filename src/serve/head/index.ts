export { headAddress, portOf, textOf, urlOf } from './address.js';
export { ask } from './ask.js';
export { startHeadServer } from './head-server.js';
export { localInstance, remoteInstance } from './instance.js';
export type { InstanceInfo } from './instance.js';
