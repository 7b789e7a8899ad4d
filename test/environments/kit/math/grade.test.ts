import { describe, expect, it } from 'vitest';
import { gradeNatively } from '../../../../src/environments/kit/math/grade.js';

const raw = String.raw;

/** The right answer, the answer in the box, the reward and the text of what was found; as math-verify 0.8.0 has them. */
const VERDICTS: readonly [expected: string, boxed: string, reward: 0 | 1, extracted: string][] = [
  ['42', '42.00', 1, '42.0000000000000'],
  ['42', '42.0000001', 0, '42.0000001000000'],
  ['42', '42.', 0, '42.'],
  ['1/3', '0.3333333', 1, '0.333333300000000'],
  ['1/3', '0.333', 0, '0.333000000000000'],
  ['50\\%', '0.50', 1, '0.500000000000000'],
  ['50\\%', '50', 0, '50'],
  [raw`2\frac{1}{2}`, '2.5', 1, '2.50000000000000'],
  ['1,234', '1{,}234', 1, '1234'],
  ['1,234', '1, 234', 0, '{1, 234}'],
  ['5', raw`5\text{ cm}`, 1, '5'],
  [raw`\frac{1}{\sqrt{2}}`, raw`\frac{\sqrt{2}}{2}`, 1, 'sqrt(2)/2'],
  [raw`\sqrt{2}`, '1.41421356', 1, '1.41421356000000'],
  [raw`\sqrt{2}`, '1.414', 0, '1.41400000000000'],
  ['5!', '120', 1, '120'],
  [raw`\binom{10}{3}`, raw`\frac{10!}{3!7!}`, 1, 'factorial(10)/((factorial(3)*factorial(7)))'],
  ['x^2+2x+1', '(x+1)^2', 1, '(x + 1)**2'],
  ['x^2+2x+1', 'y^2+2y+1', 0, 'y**2 + 2*y + 1'],
  [raw`\frac{x+1}{x-1}`, raw`1+\frac{2}{x-1}`, 1, '1 + 2/(x - 1)'],
  ['3^{n+1}-2', raw`3\cdot 3^n-2`, 1, '3*3**n - 2'],
  ['(1,2)', '1,2', 1, '{1, 2}'],
  ['(1,2)', '[1,2]', 0, 'Interval(1, 2)'],
  ['(1,2)', '(2,1)', 0, '(2, 1)'],
  [raw`\{1,2,3\}`, '3,2,1', 1, '{1, 2, 3}'],
  [raw`\pm 2`, raw`2\text{ or }-2`, 1, '{-2, 2}'],
  [raw`(-\infty,3]`, raw`x\le 3`, 0, 'x <= 3'],
  ['x<2', raw`(-\infty,2)`, 1, 'Interval.open(-oo, 2)'],
  ['x > 5', '5<x', 1, '5 < x'],
  ['x=5', 'x=6', 0, 'Eq(x, 6)'],
  ['2x=4', 'x=2', 0, 'Eq(x, 2)'],
  ['y=2x+3', 'y-2x=3', 1, 'Eq(-1*2*x + y, 3)'],
  ['x=1,y=2', '(1,2)', 1, 'Interval.open(1, 2)'],
  [raw`\begin{pmatrix}1&2\\3&4\end{pmatrix}`, raw`\left(\begin{array}{cc}1&2\\3&4\end{array}\right)`, 1, 'Matrix([[1, 2], [3, 4]])'],
  [raw`\text{Yes}`, 'YES', 1, 'e*s*y'],
  [raw`\mathbb{R}`, raw`(-\infty,\infty)`, 1, 'Interval(-oo, oo)'],
  ['55', raw`\sum_{k=1}^{10} k`, 1, 'Sum(k, (k, 1, 10))'],
  ['n(n+1)/2', raw`\binom{n+1}{2}`, 1, 'binomial(n + 1, 2)'],
  [raw`\sin x`, raw`-\sin(-x)`, 1, '-sin(-x)'],
  [raw`\sin x`, raw`\cos(\frac{\pi}{2}-x)`, 1, 'cos(-x + pi/2)'],
  [raw`|x|`, raw`\sqrt{x^2}`, 1, 'sqrt(x**2)'],
  ['i', raw`\sqrt{-1}`, 0, 'sqrt(-1)'],
]; // prettier-ignore

describe('answers that are graded without the library', () => {
  it.each(VERDICTS)('%s beside %s: %i, %s', (expected, boxed, reward, extracted) => {
    expect(gradeNatively(expected, raw`The answer is \boxed{${boxed}}.`)).toEqual({ reward, extracted });
  });

  it('looks for boxes before anything else, and takes those that belong together', () => {
    expect(gradeNatively('42', raw`$7$, then \boxed{42}, and 41`)).toEqual({ reward: 1, extracted: '42' });
    expect(gradeNatively('42,43', raw`\boxed{42} and \boxed{43}`)).toEqual({
      reward: 1,
      extracted: '{42, 43}',
    });
    expect(gradeNatively('42', raw`Final answer is $42$. I hope so. \boxed{7}`)).toEqual({
      reward: 1,
      extracted: '42',
    });
    expect(gradeNatively('42', 'It is 42')).toEqual({ reward: 1, extracted: '42' });
    expect(gradeNatively('42', 'nothing')).toEqual({ reward: 0, extracted: null });
  });

  it.each([
    [raw`\tan^2 x`, raw`\sec^2 x-1`],
    ['n(n+1)/2', raw`\sum_{k=1}^{n} k`],
    [raw`\frac{1}{2}`, raw`\int_0^1 x dx`],
    ['x^2=-1', 'x^2=-4'],
  ])('%s beside %s is for the library', (expected, boxed) => {
    let reason = '';
    const verdict = gradeNatively(expected, raw`\boxed{${boxed}}`, ({ message }) => (reason = message));
    expect(verdict).toBeUndefined();
    expect(reason).not.toBe('');
  });
});
