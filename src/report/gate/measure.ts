import { meanInterval, pairedDifference, spreadOf } from '../../metrics/index.js';
import { compareGroups } from '../compare/comparison.js';
import { change, largestChange } from '../compare/paired-tasks.js';
import {
  filled,
  meanEstimate,
  passAtK,
  passPowerK,
  taskEstimate,
  type Estimate,
  type Filled,
} from '../numbers/estimates.js';
import { countState, measured, type Group } from '../run/group.js';
import type { Rule } from './rule.js';

/** What a rule sees: the value, and how far it could be elsewhere. Null when there is nothing to measure. */
export interface Measured {
  value: number;
  /** Where the value could lie, for what the rule asks to be sure of: missing rollouts, and chance if it says so. */
  low: number;
  high: number;
  /** Why it could lie elsewhere. */
  because: string[];
}

export interface Baseline {
  group: Group;
  /** Task of the baseline → task of the run. */
  pairs: ReadonlyMap<number, number>;
}

function exactly(value: number): Measured {
  return { value, low: value, high: value, because: [] };
}

function ranged(estimate: Estimate | null, half: { low: number; high: number } | null): Measured | null {
  if (estimate === null) return null;
  const { value, bounds } = estimate;
  const because = [];
  if (bounds.low !== bounds.high) because.push('missing rollouts');
  if (half !== null) because.push('chance');
  return {
    value,
    low: bounds.low - (half?.low ?? 0),
    high: bounds.high + (half?.high ?? 0),
    because,
  };
}

/** How far the interval reaches to both sides of the value. */
function reach(value: number, interval: { low: number; high: number } | null): { low: number; high: number } {
  return interval === null
    ? { low: Number.POSITIVE_INFINITY, high: Number.POSITIVE_INFINITY }
    : { low: value - interval.low, high: interval.high - value };
}

function mean(rewards: Filled, confidence: number | null): Measured | null {
  const estimate = meanEstimate(rewards);
  if (estimate === null || confidence === null) return ranged(estimate, null);
  return ranged(estimate, reach(estimate.value, meanInterval(rewards.known, confidence)));
}

function pass(rule: Rule, rewards: Filled): Measured | null {
  const binary = rewards.known.values.every((value) => value === 0 || value === 1);
  const of = rule.metric === 'pass@k' ? passAtK(rule.k, binary) : passPowerK(rule.k);
  const estimate = taskEstimate(rewards, of, rule.confidence ?? 0.95);
  if (estimate === null || rule.confidence === null) return ranged(estimate, null);
  return ranged(estimate, reach(estimate.value, estimate.interval));
}

function regression(group: Group, baseline: Baseline, confidence: number | null): Measured | null {
  const found = compareGroups(baseline.pairs, baseline.group, group);
  if (found === null) return null;
  const { difference, bounds } = found.comparison;
  const estimate = { value: -difference, interval: null, bounds: { low: -bounds.high, high: -bounds.low } };
  if (confidence === null) return ranged(estimate, null);
  const differences = Float64Array.from(found.tasks, (task) => -change(task));
  const largest = largestChange(baseline.group, group);
  const { interval } = pairedDifference(differences, { level: confidence, largest });
  return ranged(estimate, reach(-difference, interval));
}

function coverage(group: Group): Measured | null {
  const planned = group.rows.length;
  return planned === 0 ? null : exactly(countState(group, 'scored') / planned);
}

/** A sum: what is unknown of it can only add. */
function total(group: Group, column: 'cost' | 'input' | 'output', what: string): Measured | null {
  const values = measured(group, column);
  const spread = spreadOf(values);
  const missing = countState(group, 'failed') + countState(group, 'owed');
  const unknown = values.length - (spread?.count ?? 0);
  if (spread === null && unknown > 0) return null;
  const value = spread?.total ?? 0;
  const because = [
    ...(missing > 0 ? ['missing rollouts'] : []),
    ...(unknown > 0 ? [`${unknown} rollouts of unknown ${what}`] : []),
  ];
  return { value, low: value, high: because.length > 0 ? Number.POSITIVE_INFINITY : value, because };
}

function latency(group: Group, quantile: string): Measured | null {
  const spread = spreadOf(measured(group, 'duration'));
  if (spread === null) return null;
  return exactly(spread[quantile as 'mean' | 'p50' | 'p90' | 'p95' | 'p99'] / 1000);
}

/** The value of a rule's metric; null when there is nothing to measure. */
export function measure(rule: Rule, group: Group, baseline: Baseline | null): Measured | null {
  switch (rule.metric) {
    case 'mean':
      return mean(filled(group), rule.confidence);
    case 'pass@k':
    case 'pass^k':
      return pass(rule, filled(group));
    case 'regression':
      return baseline === null ? null : regression(group, baseline, rule.confidence);
    case 'coverage':
      return coverage(group);
    case 'cost':
      return total(group, 'cost', 'cost');
    case 'input_tokens':
      return total(group, 'input', 'tokens');
    case 'output_tokens':
      return total(group, 'output', 'tokens');
    case 'cost_per_rollout': {
      const spread = spreadOf(measured(group, 'cost'));
      return spread === null ? null : exactly(spread.mean);
    }
    default:
      return latency(group, rule.metric.replace('latency_', ''));
  }
}
