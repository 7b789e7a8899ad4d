import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENTS } from '../../src/environments/index.js';
import type { JsonObject } from '../../src/protocol/index.js';
import { conformanceMissing, conformancePath, conformanceRows } from '../support/conformance.js';
import { byReference, NO_REFERENCE } from '../support/reference.js';
import type { Case } from './oracle.js';
import {
  answeredSteps,
  differencesOf,
  expectedOf,
  failureOf,
  isNoReply,
  playCase,
  playGame,
  whatIsSet,
} from './oracle.js';

/** Benchmarks that are another server with settings of their own. */
const PLAYED_BY: Readonly<Record<string, string>> = { secque: 'equivalence_llm_judge' };

const NAMES = [...Object.keys(ENVIRONMENTS), ...Object.keys(PLAYED_BY)].filter((name) =>
  existsSync(conformancePath('environments', name, 'cases.jsonl')),
);

const { here, without } = byReference(NAMES, (name) => PLAYED_BY[name] ?? name);

/** Compares one case. Throws where ours says something else than the reference. */
async function compare(name: string, one: Case): Promise<void> {
  if (one.reset !== undefined) {
    const steps = answeredSteps(one).map(({ body }) => body);
    expect(await playGame(name, one)).toEqual([one.reset.body, ...steps]);
    return;
  }
  const { found, asked, told } = await playCase(PLAYED_BY[name] ?? name, one);
  const failure = failureOf(one);
  if (failure !== undefined) expect(found).toBe(failure);
  else if (one.status !== 200) expect(typeof found, JSON.stringify(found)).toBe('string');
  else {
    expect(found).toBeTypeOf('object');
    expect(found, diff(found, one)).toEqual(expectedOf(found as JsonObject, one));
  }
  for (const [index, { status, output }] of (one.session ?? []).entries()) {
    if (status === 200 && index < told.length) expect(jsonOr(told[index])).toEqual(jsonOr(output));
  }
  // Where the reference breaks or refuses the row, ours may see it before or after it asks a judge.
  if (one.status !== 200) return;
  const wanted = (one.judge ?? []).map(({ request: { server, path, body } }) => ({
    server,
    path,
    body: whatIsSet(body),
  }));
  expect(asked).toMatchObject(wanted);
}

/** The value of a text that is JSON, else the text. */
function jsonOr(text: unknown): unknown {
  try {
    return JSON.parse(text as string) as unknown;
  } catch {
    return text;
  }
}

const diff = (found: unknown, { verdict }: Case): string =>
  `\n  found ${JSON.stringify(found)}\n  reference ${JSON.stringify(verdict)}\n`;

describe.skipIf(conformanceMissing)('verdicts of the reference', () => {
  it.skip.each(without)(`%s: ${NO_REFERENCE}`, () => undefined);

  it.each(here)('%s: every case alike, or a difference that is listed', async (name) => {
    const all = conformanceRows<Case>('environments', name, 'cases.jsonl');
    const differences = await differencesOf(name);
    const everywhere = await differencesOf('every-environment');
    const wrong: string[] = [];
    for (const one of all) {
      if (isNoReply(one) || [...everywhere, ...differences].some(({ is }) => is(one))) continue;
      await compare(name, one).catch((error: unknown) => {
        wrong.push(`${one.case}: ${(error as Error).message}`);
      });
    }
    expect(wrong.slice(0, Number(process.env['NGYM_ORACLE'] ?? 5)).join('\n'), `${wrong.length} wrong`).toBe(
      '',
    );
    // A difference that explains nothing is gone, and goes from the list.
    expect(differences.filter(({ is }) => !all.some(is)).map(({ why }) => why)).toEqual([]);
  });
});
