import type { MetricsObject, MetricsValue, Plain, PlainObject } from './aggregate-types.js';
import { float, JsonNumber } from './json-number.js';
import { fieldTexts } from './row-scanner.js';

/** Fields of a stored row that an environment's own metrics never see. */
const HEAVY = new Set([
  'response',
  'responses_create_params',
  'ng_agent_observations',
  'ng_model_call_capture',
  'ng_trajectory',
]);

/** A stored row without its long parts; `response.usage` stays. */
export function slimRow(line: string): PlainObject {
  const row = JSON.parse(line) as PlainObject;
  const response = row['response'] as { usage?: PlainObject | null } | null | undefined;
  const kept = Object.fromEntries(Object.entries(row).filter(([key]) => !HEAVY.has(key)));
  const usage = response?.usage;
  return usage === null || usage === undefined ? kept : { ...kept, response: { usage } };
}

/** The same as text in which every value has the form that it had, and of `response` also why it is incomplete. */
export function slimText(line: string): string {
  const kept = [...fieldTexts(line)].filter(([key]) => !HEAVY.has(key));
  const response = fieldTexts(line).get('response') ?? 'null';
  const told = response.startsWith('{')
    ? [...fieldTexts(response)].filter(([key, value]) => TOLD.has(key) && value !== 'null')
    : [];
  if (told.length > 0) kept.push(['response', joined(told)]);
  return joined(kept);
}

const TOLD = new Set(['usage', 'incomplete_details']);

const joined = (fields: readonly (readonly [string, string])[]): string =>
  `{${fields.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;

/** Measures of an environment's own code are written as floats, as the reference's: code cannot tell 50 from 50.0. */
export function asFloats(value: PlainObject): MetricsObject {
  const convert = (item: Plain): MetricsValue => {
    if (typeof item === 'number') return float(item);
    if (Array.isArray(item)) return item.map(convert);
    return typeof item === 'object' && item !== null ? asFloats(item) : item;
  };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, convert(item)]));
}

/** The same metrics with ordinary numbers. */
export function plain(metrics: MetricsObject): PlainObject {
  return JSON.parse(JSON.stringify(metrics)) as PlainObject;
}

/** What a user's `keyMetrics` picked, with the number forms of the metrics it picked from. */
export function picked(choice: PlainObject, from: MetricsObject): MetricsObject {
  return Object.fromEntries(
    Object.entries(asFloats(choice)).map(([key, value]) => {
      const source = from[key];
      return [key, source instanceof JsonNumber && Number(source) === choice[key] ? source : value];
    }),
  );
}
