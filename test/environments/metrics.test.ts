import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENTS, loadEnvironment } from '../../src/environments/index.js';
import { createAggregator } from '../../src/metrics/index.js';
import type { JsonObject } from '../../src/protocol/index.js';
import { conformanceMissing, conformancePath } from '../support/conformance.js';
import { byReference, NO_REFERENCE, referenceRoots } from '../support/reference.js';
import { services } from './support.js';

const given = { ...services, roots: [...(services.roots ?? []), ...referenceRoots()] };

/** What a server of the reference made of some verdicts. */
interface Recorded {
  config: JsonObject;
  request: { verify_responses: JsonObject[] };
  status: number;
  expected: JsonObject;
}

const fileOf = (name: string): string => conformancePath('environments', name, 'metrics.json');
const { here, without } = byReference(Object.keys(ENVIRONMENTS).filter((name) => existsSync(fileOf(name))));

/** Statistics over repeats are no environment's; test/metrics has them. */
const OF_REPEATS = /_across_repeats\/|^num_repeats$/;

/** Numbers that are the same to the last digits that a sum of floats has in another order. */
function close(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toPrecision(13));
  if (Array.isArray(value)) return value.map(close);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !OF_REPEATS.test(key));
  return Object.fromEntries(entries.map(([key, item]) => [key, close(item)]));
}

describe.skipIf(conformanceMissing)('metrics of the reference', () => {
  it.skip.each(without)(`%s: ${NO_REFERENCE}`, () => undefined);

  it.each(here)('%s: agent, key and group metrics', async (name) => {
    const recorded = JSON.parse(readFileSync(fileOf(name), 'utf8')) as Recorded;
    if (recorded.status !== 200) return;
    const environment = (await loadEnvironment(name))!.create(name, recorded.config, given);
    const aggregator = createAggregator({ ...environment, order: 'received' } as object);
    for (const row of recorded.request.verify_responses) aggregator.add(JSON.stringify(row));
    const { agent_metrics, key_metrics, group_level_metrics } = aggregator.finish();
    const found = { group_level_metrics: [...group_level_metrics], agent_metrics, key_metrics };
    const expected = Object.fromEntries(Object.keys(found).map((key) => [key, recorded.expected[key]]));
    expect(close(JSON.parse(JSON.stringify(found)))).toEqual(close(expected));
  });
});
