export { createAggregator, wantedFields } from './aggregate.js';
export type {
  Aggregate,
  Aggregator,
  AggregatorOptions,
  MetricsObject,
  MetricsValue,
  PassMajority,
} from './aggregate-types.js';
export { passAtKTable } from './combinations.js';
export { DuplicateRolloutError } from './frame.js';
export { float, formatFloat, JsonNumber, JsonText } from './json-number.js';
export { writeJson, writeRow } from './json-writer.js';
export type { Profile, ProfileRow } from './profile.js';
export { createProfiler } from './profile.js';
export { meanMetrics, selectKeyMetrics } from './key-metrics.js';
export { mergeMeasured } from './merge-measured.js';
export { plain, slimText } from './own-metrics.js';
export type { PassMajorityMetrics, TaskScores } from './pass-majority.js';
export { passMajority } from './pass-majority.js';
export type { NumericCell, ScannedRow } from './row-scanner.js';
export { itemTexts, scanRow, withoutKeys } from './row-scanner.js';
export type { StoredReward } from './stored-reward.js';
export { storedReward } from './stored-reward.js';
export type { RunAggregator } from './run-aggregate.js';
export { aggregateFile, createRunAggregator } from './run-aggregate.js';
export type {
  Clusters,
  Components,
  Interval,
  PairedDifference,
  PairedOptions,
  PermutationOptions,
  SignTest,
  Spread,
} from './stats/index.js';
export {
  clusterCount,
  clusterMeans,
  detectableByT,
  detectableEffect,
  expectedHalfWidth,
  fairCoinTest,
  LEAST_PAIRED_TASKS,
  meanInterval,
  meanOf,
  noncentralTCdf,
  normalCdf,
  normalQuantile,
  pairedDifference,
  pairedPower,
  permutationTest,
  quantileOf,
  seededRandom,
  signTest,
  singletons,
  smallestPermutationP,
  spreadOf,
  studentCdf,
  studentQuantile,
  varianceComponents,
  wilsonInterval,
  withinUnit,
} from './stats/index.js';
