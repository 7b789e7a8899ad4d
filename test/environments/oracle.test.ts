import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENTS } from '../../src/environments/index.js';
import type { JsonObject } from '../../src/protocol/index.js';
import { conformanceMissing, conformancePath, conformanceRows } from '../support/conformance.js';
import type { Case } from './oracle.js';
import { differencesOf, expectedOf, failureOf, isNoReply, playCase, whatIsSet } from './oracle.js';

/** Benchmarks that are another server with settings of their own. */
const PLAYED_BY: Readonly<Record<string, string>> = { secque: 'equivalence_llm_judge' };

const NAMES = [...Object.keys(ENVIRONMENTS), ...Object.keys(PLAYED_BY)].filter((name) =>
  existsSync(conformancePath('environments', name, 'cases.jsonl')),
);

describe.skipIf(conformanceMissing)('verdicts of the reference', () => {
  it.each(NAMES)('%s: every case alike, or a difference that is listed', async (name) => {
    const cases = conformanceRows<Case>('environments', name, 'cases.jsonl').filter((one) => !isNoReply(one));
    const differences = await differencesOf(name);
    const explained = new Set<unknown>();
    const wrong: string[] = [];
    for (const one of cases) {
      const { found, asked } = await playCase(PLAYED_BY[name] ?? name, one);
      const known = differences.filter(({ is }) => is(one));
      known.forEach((difference) => explained.add(difference));
      if (known.length > 0) continue;
      try {
        const failure = failureOf(one);
        if (failure !== undefined) expect(found).toBe(failure);
        else if (one.status !== 200) expect(typeof found).toBe('string');
        else {
          expect(found).toBeTypeOf('object');
          expect(found).toEqual(expectedOf(found as JsonObject, one));
        }
        if (one.status !== 200) continue;
        expect(asked).toMatchObject(
          (one.judge ?? []).map(({ request: { server, path, body } }) => ({
            server,
            path,
            body: whatIsSet(body),
          })),
        );
      } catch (error) {
        wrong.push(
          `${one.case}: ${(error as Error).message}\n  found ${JSON.stringify(found)}\n  reference ${JSON.stringify(one.verdict)}`,
        );
      }
    }
    expect(wrong.slice(0, Number(process.env['NGYM_ORACLE'] ?? 5)).join('\n'), `${wrong.length} wrong`).toBe(
      '',
    );
    // A difference that explains nothing is gone, and goes from the list.
    expect(differences.filter((one) => !explained.has(one)).map(({ why }) => why)).toEqual([]);
  });
});
