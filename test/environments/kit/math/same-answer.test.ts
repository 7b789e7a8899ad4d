import { describe, expect, it } from 'vitest';
import { sameAnswer } from '../../../../src/environments/kit/math/same-answer.js';
import { MathVerifyWorker } from '../../../../src/environments/kit/math/worker.js';
import { services } from '../../support.js';

const raw = String.raw;
const { signal } = new AbortController();

/** As NeMo Gym 0.7.0 has them, with math-verify 0.8.0. */
const PAIRS: readonly [expected: string, answer: string, same: boolean][] = [
  // A letter is the first that stands alone; another text may be equal all the same.
  ['B', 'The answer is B', true],
  [' B ', '**B**', true],
  ['B', 'B, because A', true],
  ['A', 'A B', true],
  ['A', 'a', false],
  ['A', 'BA', false],
  // The percent sign, and points and backslashes at the end, do not count; units in the text do.
  [raw`50\%`, '50', true],
  ['50', '50.', true],
  ['5', raw`5.\ `, false],
  ['50%', '0.5', false],
  ['5', '5 cm', true],
  // Words are never equal but as they are written.
  ['all integers', 'allintegers', true],
  ['Yes', 'yes', false],
  [raw`\text{Yes}`, 'yes', true],
  // By value.
  [raw`\binom{20}{10}^2 - \binom{20}{9}^2`, '5924217936', true],
  ['(x+1)^2', 'x^2+2x+1', true],
  ['$f(x) = 0$ and $f(x) = 2x + c$ for some constant $c$.', 'c', true],
  [raw`\frac{1}{2}`, '0.5', true],
  [raw`\sqrt{2}`, '1.414', false],
  // Nothing expected.
  [' ', 'x', false],
  ['None', 'None', true],
];

describe('the same answer', () => {
  it.each(PAIRS)('%j and %j: %s', async (expected, answer, same) => {
    expect(await sameAnswer({ services, signal }, expected, answer)).toBe(same);
  });
});

const library = new MathVerifyWorker([]);
const ask = (gold: string, reply: string): ReturnType<MathVerifyWorker['ask']> =>
  library.ask({ gold, reply, only: 'latex', seconds: 30 }, signal);
const missing = await ask('$1$', '$1$').then(
  () => undefined,
  (error: unknown) => (error as Error).message,
);

describe.skipIf(missing !== undefined)('the library, of two answers in LaTeX', () => {
  it('says the same', async () => {
    expect((await ask(raw`$\sin^2 x + \cos^2 x$`, '$1$')).reward).toBe(1);
    expect((await ask('$x$', '$y$')).reward).toBe(0);
    // No number is looked for beside LaTeX.
    expect((await ask('$7$', '7')).reward).toBe(0);
  });
});
