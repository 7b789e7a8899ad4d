export type { ChainOptions } from './chained.js';
export { chained } from './chained.js';
export { Chains } from './chains.js';
export { Ledger } from './ledger.js';
export { CHAINS, Plugins, UnfitEntry } from './plugins.js';
