import type { Aggregate, MetricsObject, MetricsValue } from './aggregate-types.js';
import { float, JsonNumber } from './json-number.js';
import { elementTexts, fieldTexts } from './row-scanner.js';

const TASK = '_ng_task_index';

/**
 * Lays what a server of the reference's answered to `/aggregate_metrics` over ours: its agent metrics and those of each task win,
 * its key metrics stand in the place of ours. Whatever either has alone is kept. Throws SyntaxError or TypeError for
 * another answer.
 */
export function mergeMeasured(ours: Aggregate, answer: string): Aggregate {
  const told = measured(answer);
  const {
    agent_metrics: agent,
    key_metrics: key,
    group_level_metrics: groups = [],
  } = told as {
    [part: string]: MetricsValue;
  };
  if (!isMetrics(agent) || !isMetrics(key) || !Array.isArray(groups)) {
    throw new TypeError('it is not {agent_metrics, key_metrics, group_level_metrics}');
  }
  const tasks = new Map(groups.filter(isMetrics).map((group) => [String(Number(group[TASK])), group]));
  const merged = function* (): Generator<MetricsObject> {
    for (const group of ours.group_level_metrics)
      yield { ...group, ...tasks.get(String(Number(group[TASK]))) };
  };
  return {
    agent_metrics: { ...ours.agent_metrics, ...agent },
    key_metrics: Object.keys(key).length === 0 ? ours.key_metrics : key,
    group_level_metrics: { [Symbol.iterator]: merged },
  };
}

const isMetrics = (value: MetricsValue | undefined): value is MetricsObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);

/** JSON text with its numbers as the reference's writer prints them: `1.0` stays a float, `1e-07` becomes `1e-7`. */
function measured(text: string): MetricsValue {
  const raw = text.trim();
  if (raw.startsWith('{')) {
    return Object.fromEntries([...fieldTexts(raw)].map(([key, value]) => [key, measured(value)]));
  }
  if (raw.startsWith('[')) return elementTexts(raw).map(measured);
  const value = JSON.parse(raw) as null | boolean | number | string;
  if (typeof value !== 'number') return value;
  return /[.eE]/.test(raw) ? float(value) : new JsonNumber(raw);
}
