import { countState, type Group } from '../run/group.js';
import { measure, type Baseline, type Measured } from './measure.js';
import { holds, type Rule } from './rule.js';

/** `breach`: the rule does not hold, whatever is missing. `inconclusive`: it depends on what is not known. */
export type Verdict = 'pass' | 'breach' | 'inconclusive' | 'incomplete';

/** One rule, looked at for one agent or for all. */
export interface Check {
  rule: string;
  /** Null = all agents together. */
  agent: string | null;
  verdict: Verdict;
  /** Null when there was nothing to measure. */
  value: number | null;
  low: number | null;
  high: number | null;
  /** Why, in a few words. */
  reason: string;
}

function number(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return 'any amount';
  return String(Number(value.toPrecision(6)));
}

function decide(rule: Rule, { value, low, high, because }: Measured): Pick<Check, 'verdict' | 'reason'> {
  const ends = [holds(rule, low), holds(rule, high)];
  const range =
    because.length === 0 ? '' : `, from ${number(low)} to ${number(high)} with ${because.join(' and ')}`;
  const told = `${number(value)}${range}`;
  if (ends.every(Boolean)) return { verdict: 'pass', reason: told };
  if (!ends.some(Boolean)) return { verdict: 'breach', reason: told };
  return { verdict: 'inconclusive', reason: told };
}

/** Applies a rule to a group of rollouts. */
export function checkRule(rule: Rule, agent: string | null, group: Group, baseline: Baseline | null): Check {
  const found = measure(rule, group, baseline);
  if (found !== null) {
    const { value, low, high } = found;
    return { rule: rule.text, agent, value, low, high, ...decide(rule, found) };
  }
  const missing = countState(group, 'failed') + countState(group, 'owed');
  return {
    rule: rule.text,
    agent,
    verdict: missing > 0 ? 'incomplete' : 'inconclusive',
    value: null,
    low: null,
    high: null,
    reason: group.rows.length === 0 ? 'no rollout matches the rule' : 'nothing was measured',
  };
}

const ORDER: readonly Verdict[] = ['pass', 'incomplete', 'inconclusive', 'breach'];

/** The worst of several: a breach outweighs all, and only passes make a pass. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  return ORDER[Math.max(0, ...verdicts.map((verdict) => ORDER.indexOf(verdict)))]!;
}
