import { describe, expect, it } from 'vitest';
import { conformanceMissing } from '../support/conformance.js';
import { byReference, NO_REFERENCE } from '../support/reference.js';
import { PLAYED_BY, WITH_CASES } from './oracle.js';
import { playAll } from './oracle-compare.js';
import { settle, shown } from './settle.js';
import { readTable } from './table.js';

const { here, without } = byReference(WITH_CASES, (name) => PLAYED_BY[name] ?? name);

const told = new Map(readTable().map(({ name, cases }) => [name, cases]));

describe.skipIf(conformanceMissing)('verdicts of the reference', () => {
  it.skip.each(without)(`%s: ${NO_REFERENCE}`, () => undefined);

  it.each(here)('%s: every case alike, or a difference that is listed', async (name) => {
    const { all, differing } = await playAll(name);
    const { wrong, idle } = await settle(name, differing);
    expect(shown(wrong), `${wrong.length} wrong`).toBe('');
    expect(idle, 'differences that explain nothing').toEqual([]);
    if (!(name in PLAYED_BY)) {
      const page = 'docs/environments.md is stale: npm run environments-table';
      expect(`${all - differing.size} / ${all}`, page).toBe(told.get(name));
    }
  });
});
