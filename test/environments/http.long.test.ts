import { describe, expect, it } from 'vitest';
import { conformanceMissing, conformanceRows } from '../support/conformance.js';
import { byReference, NO_REFERENCE } from '../support/reference.js';
import { differingOverHttp } from './http.js';
import { PLAYED_BY, WITH_CASES, type Case } from './oracle.js';
import { shown } from './settle.js';

const { here, without } = byReference(WITH_CASES, (name) => PLAYED_BY[name] ?? name);

/** NGYM_FUZZ=1000: so many cases of each environment; by default some from all over the file. */
const MOST = Number(process.env['NGYM_FUZZ'] ?? 30);

const asksJudge = (name: string): boolean =>
  conformanceRows<Case>('environments', name, 'cases.jsonl').some(({ judge }) => judge !== undefined);

describe.skipIf(conformanceMissing)('verdicts of the reference over HTTP, more of them', () => {
  it.skip.each(without)(`%s: ${NO_REFERENCE}`, () => undefined);

  // A judge may be a provider that a model server of ours asks, or a model server that runs elsewhere.
  for (const judges of ['provider', 'elsewhere'] as const) {
    it.each(here.filter((name) => judges === 'provider' || asksJudge(name)))(
      `%s: judges by ${judges}`,
      async (name) => {
        const wrong = await differingOverHttp(name, judges, MOST);
        expect(shown(wrong), `${wrong.length} wrong`).toBe('');
      },
    );
  }
});
