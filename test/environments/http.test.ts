import { describe, expect, it } from 'vitest';
import { conformanceMissing } from '../support/conformance.js';
import { byReference, NO_REFERENCE } from '../support/reference.js';
import { differingOverHttp } from './http.js';
import { PLAYED_BY, WITH_CASES } from './oracle.js';
import { shown } from './settle.js';

const { here, without } = byReference(WITH_CASES, (name) => PLAYED_BY[name] ?? name);

/** Some environments of all kinds, and cases of each; http.long.test.ts plays all of all. */
const SOME = here.filter(
  (name, index) =>
    index % 20 === 0 || ['example_session_state_mgmt', 'blackjack', 'citation_if'].includes(name),
);
const FEW = 4;

describe.skipIf(conformanceMissing)('verdicts of the reference over HTTP', () => {
  it.skip.each(without)(`%s: ${NO_REFERENCE}`, () => undefined);

  it.each(SOME)('%s: status, every field, and what tools say', async (name) => {
    const wrong = await differingOverHttp(name, 'provider', FEW);
    expect(shown(wrong), `${wrong.length} wrong`).toBe('');
  });
});
