import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENTS, loadEnvironment } from '../../src/environments/index.js';
import { createAggregator, writeJson } from '../../src/metrics/index.js';
import type { JsonObject } from '../../src/protocol/index.js';
import { conformanceMissing, conformancePath } from '../support/conformance.js';
import { referenceRoots } from '../support/reference.js';
import { services } from './support.js';

interface Recorded {
  config: JsonObject;
  request: { verify_responses: JsonObject[] };
  status: number;
  expected: { agent_metrics: JsonObject; key_metrics: JsonObject };
}

const NAMES = Object.keys(ENVIRONMENTS).filter((name) =>
  existsSync(conformancePath('environments', name, 'metrics.json')),
);

/** Of the reference's metrics, those that belong to a report over repeats of the whole run. */
const OVER_REPEATS = /_across_repeats\/|^num_repeats$/;

/** Sums of the reference's newer Python differ in the last digit. */
const rounded = (value: JsonObject): JsonObject =>
  JSON.parse(JSON.stringify(value), (_, item: unknown) =>
    typeof item === 'number' ? Number(item.toPrecision(13)) : item,
  ) as JsonObject;

const given = { ...services, roots: [...(services.roots ?? []), ...referenceRoots()] };

describe.skipIf(conformanceMissing)('metrics of the reference', () => {
  it.each(NAMES)('%s: all that the environment computes, and its headline', async (name) => {
    const file = conformancePath('environments', name, 'metrics.json');
    const { config, request, status, expected } = JSON.parse(readFileSync(file, 'utf8')) as Recorded;
    expect(status).toBe(200);
    const environment = (await loadEnvironment(name))!.create(name, config, given);
    const aggregator = createAggregator(environment);
    for (const row of request.verify_responses) aggregator.add(JSON.stringify(row));
    const { agent_metrics, key_metrics } = aggregator.finish();
    const found = JSON.parse(writeJson({ agent_metrics, key_metrics })) as Recorded['expected'];
    const wanted = Object.entries(expected.agent_metrics).filter(([key]) => !OVER_REPEATS.test(key));
    expect(rounded(found.agent_metrics)).toMatchObject(rounded(Object.fromEntries(wanted)));
    expect(rounded(found.key_metrics)).toMatchObject(rounded(expected.key_metrics));
    // A headline is a choice: nothing more than the reference's is in it.
    const own = Object.keys(found.key_metrics).filter((key) => !key.startsWith('coverage/'));
    expect(own.filter((key) => !(key in expected.key_metrics))).toEqual([]);
  });
});
