export type { ProfileOptions, ProfileResult } from './profile.js';
export { profileRollouts } from './profile.js';
export type { AggregatedShards, AggregateShardsOptions } from './shards/aggregate-shards.js';
export { aggregateShards } from './shards/aggregate-shards.js';
export type { SummaryOptions } from './table.js';
export { renderSummary } from './table.js';
