export type { Clusters } from './clusters.js';
export { clusterCount, clusteredVariance, clusterMeans, meanOf, singletons } from './clusters.js';
export { fairCoinTest, normalCdf, normalQuantile, studentCdf, studentQuantile } from './distributions.js';
export type { Interval } from './intervals.js';
export { meanInterval, wilsonInterval, withinUnit } from './intervals.js';
export {
  detectableByT,
  detectableEffect,
  LEAST_PAIRED_TASKS,
  noncentralTCdf,
  pairedPower,
  smallestPermutationP,
} from './noncentral-t.js';
export type { PairedDifference, PairedOptions, PermutationOptions, SignTest } from './paired.js';
export { pairedDifference, permutationTest, signTest } from './paired.js';
export type { Components } from './planning.js';
export { expectedHalfWidth, varianceComponents } from './planning.js';
export type { Spread } from './quantiles.js';
export { quantileOf, spreadOf } from './quantiles.js';
export { seededRandom } from './random.js';
