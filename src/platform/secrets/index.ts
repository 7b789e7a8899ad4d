export type { MasterKey } from './envelope.js';
export type { KeySources } from './master-keys.js';
export { readMasterKeys } from './master-keys.js';
export { Vault } from './vault.js';
