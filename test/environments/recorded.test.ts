import { describe, expect, it } from 'vitest';
import { conformanceMissing } from '../support/conformance.js';
import { byReference, NO_REFERENCE } from '../support/reference.js';
import { isJudged, NOT_COMPARED, recordedRewards, WITH_ROLLOUTS } from './recorded-rollouts.js';

const { here, without } = byReference(WITH_ROLLOUTS.filter((name) => !(name in NOT_COMPARED)));

describe.skipIf(conformanceMissing)('recorded rollouts of the reference', () => {
  it.skip.each(without)(`%s: ${NO_REFERENCE}`, () => undefined);

  it.each(here)('%s: the recorded rewards', async (name) => {
    const rewards = await recordedRewards(name);
    const graded = rewards.filter(({ found }) => found !== undefined);
    expect(graded.map(({ found }) => found)).toEqual(graded.map(({ recorded }) => recorded));
    // What only a Python library could tell is the exception.
    expect(rewards.length - graded.length).toBeLessThanOrEqual(rewards.length / 4);
  });

  it('is of rollouts with judges and without', () => {
    expect(WITH_ROLLOUTS.some(isJudged) && WITH_ROLLOUTS.some((name) => !isJudged(name))).toBe(true);
  });
});
