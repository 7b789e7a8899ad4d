import { errors } from '../../errors/index.js';

/** What a rule can be about. Rewards and shares as they are, seconds, US dollars, tokens; sums over scored rollouts. */
export const METRICS = [
  'mean',
  'pass@k',
  'pass^k',
  'regression',
  'coverage',
  'cost',
  'cost_per_rollout',
  'input_tokens',
  'output_tokens',
  'latency_mean',
  'latency_p50',
  'latency_p90',
  'latency_p95',
  'latency_p99',
] as const;
export type Metric = (typeof METRICS)[number];

export interface Rule {
  /** As the user wrote it. */
  text: string;
  metric: Metric;
  /** Of pass@k and pass^k. */
  k: number;
  /** Field → value: only rollouts that have it. */
  where: Record<string, string>;
  /** Only this agent; else each agent by itself (mean, pass@k, latency) or all together (coverage, cost, tokens). */
  agent: string | null;
  op: '>=' | '<=' | '>' | '<';
  limit: number;
  /** Level at which the whole interval must hold; null = the value itself decides. */
  confidence: number | null;
}

const RULE =
  /^\s*(?<name>[a-z][\w/]*(?:[@^]\d+)?)\s*(?:\[(?<where>[^\]]*)\])?\s*(?<op>[<>]=?)\s*(?<limit>[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(?<percent>%?)\s*$/i;

const SAME: Readonly<Record<string, string>> = { reward: 'mean', 'mean/reward': 'mean' };

function metric(name: string, source: string): { metric: Metric; k: number } {
  const word = SAME[name] ?? name;
  const [, family, k] = /^(pass[@^])(\d+)$/.exec(word) ?? [];
  if (family !== undefined && Number(k) > 0) return { metric: `${family}k` as Metric, k: Number(k) };
  const found = METRICS.find((one) => one === word && !one.endsWith('k'));
  if (found === undefined) throw errors.gateBadRule(source, `"${name}" is no metric`, METRICS, name);
  return { metric: found, k: 0 };
}

function conditions(text: string | undefined, source: string): Record<string, string> {
  const where: Record<string, string> = {};
  for (const part of (text ?? '').split(',').filter((one) => one.trim() !== '')) {
    const [field = '', ...value] = part.split('=');
    if (value.length === 0) throw errors.gateBadRule(source, `"${part.trim()}" is not field=value`);
    where[field.trim()] = value.join('=').trim();
  }
  return where;
}

/**
 * Reads `mean >= 0.6`, `pass@4 >= 80%`, `mean[category=algebra] > 0.5`, `regression <= 0.02`, `cost <= 5`.
 * @param source what to name in an error. Throws NgError `GATE_BAD_RULE`.
 */
export function parseRule(text: string, source = text): Rule {
  const groups = RULE.exec(text)?.groups;
  if (groups === undefined) throw errors.gateBadRule(source, `"${text}" is not a comparison`);
  const { name = '', where, op = '', limit = '', percent } = groups;
  return {
    text: text.trim(),
    ...metric(name, source),
    where: conditions(where, source),
    agent: null,
    op: op as Rule['op'],
    limit: percent === '%' ? Number(limit) / 100 : Number(limit),
    confidence: null,
  };
}

export function holds(rule: Rule, value: number): boolean {
  if (rule.op === '>=') return value >= rule.limit;
  if (rule.op === '<=') return value <= rule.limit;
  return rule.op === '>' ? value > rule.limit : value < rule.limit;
}
