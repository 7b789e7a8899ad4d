import { describe, expect, it } from 'vitest';
import { createController } from '../../../src/transport/adaptive/controller.js';
import { SCENARIOS } from '../../support/limiter/scenarios.mjs';
import { bestOf, play, WANTED } from './clients.js';

/** NGYM_FULL=1: five seeds. The figures of all scenarios, over sockets too: `npm run bench -- limiter`. */
const SEEDS = process.env['NGYM_FULL'] === undefined ? [1] : [1, 2, 3, 4, 5];

/** In these a limit is not to be had for 2 % of refusals: the provider tells nothing, or there are too few answers. */
const HARD = /no wait told|^60,000 tokens/;

describe.each(SCENARIOS)('the limit found out, against: $name', (scenario) => {
  it.each(SEEDS)(
    'gives 90 % of the answers of the best setting, few refusals, and no rollout is lost to it (seed %i)',
    (seed) => {
      const best = bestOf(scenario, seed);
      const ours = play(scenario, seed, () => createController({ max: scenario.wanted ?? WANTED }));
      const hard = HARD.test(scenario.name);
      expect(ours.answered / best.answered).toBeGreaterThan(hard ? 0.87 : 0.9);
      if (scenario.real === true) expect(ours.refused / ours.sent).toBeLessThan(hard ? 0.1 : 0.02);
      // Of requests that fail at random five times in a row there are one or two.
      expect(ours.burnt).toBeLessThanOrEqual(5);
    },
  );
});
