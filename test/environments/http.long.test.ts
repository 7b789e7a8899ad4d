import { describe, expect, it } from 'vitest';
import { conformanceMissing } from '../support/conformance.js';
import { byReference, NO_REFERENCE } from '../support/reference.js';
import { differingOverHttp } from './http.js';
import { PLAYED_BY, WITH_CASES } from './oracle.js';
import { shown } from './settle.js';

const { here, without } = byReference(WITH_CASES, (name) => PLAYED_BY[name] ?? name);

describe.skipIf(conformanceMissing)('all verdicts of the reference over HTTP', () => {
  it.skip.each(without)(`%s: ${NO_REFERENCE}`, () => undefined);

  // A judge may be a provider that a model server of ours asks, or a model server that runs elsewhere.
  for (const judges of ['provider', 'elsewhere'] as const) {
    it.each(here)(`%s: judges by ${judges}`, async (name) => {
      const wrong = await differingOverHttp(name, judges);
      expect(shown(wrong), `${wrong.length} wrong`).toBe('');
    });
  }
});
