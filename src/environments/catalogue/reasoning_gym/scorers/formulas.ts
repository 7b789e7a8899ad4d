import { pythonRegex, strip } from '../../../../python/index.js';
import { gold, listOf, NeedsLibrary, numberOf } from '../entry.js';
import type { Scorer } from '../entry.js';

/** A number as numerator and denominator. */
type Rational = readonly [bigint, bigint];

/** No arithmetic of whole numbers: the library raises. */
class NotArithmetic extends Error {}

/** `+ - * / ( )` over whole numbers, exactly. Throws {@link NotArithmetic} for what is no such expression. */
function calculate(text: string): Rational {
  const tokens = text.match(/\d+|[+\-*/()]|\S/g) ?? [];
  let at = 0;
  const sum = (): Rational => {
    let value = factor();
    while (tokens[at] === '+' || tokens[at] === '-') {
      const sign = tokens[at++] === '+' ? 1n : -1n;
      const [top, bottom] = factor();
      value = [value[0] * bottom + sign * top * value[1], value[1] * bottom];
    }
    return value;
  };
  const factor = (): Rational => {
    let value = unary();
    while (tokens[at] === '*' || tokens[at] === '/') {
      const divides = tokens[at++] === '/';
      const [top, bottom] = unary();
      if (divides && top === 0n) throw new NotArithmetic('division by zero');
      value = divides ? [value[0] * bottom, value[1] * top] : [value[0] * top, value[1] * bottom];
    }
    return value;
  };
  const unary = (): Rational => {
    const token = tokens[at++];
    if (token === '-' || token === '+') {
      const [top, bottom] = unary();
      return [token === '-' ? -top : top, bottom];
    }
    if (token === '(') {
      const value = sum();
      if (tokens[at++] !== ')') throw new NotArithmetic('a bracket is open');
      return value;
    }
    // Python refuses numbers that begin with a zero.
    if (token === undefined || !/^(?:0+|[1-9]\d*)$/.test(token)) throw new NotArithmetic('no number');
    return [BigInt(token), 1n];
  };
  const value = sum();
  if (at < tokens.length) throw new NotArithmetic('unexpected text');
  return value;
}

/** Two words, or a word or number beside a bracket or another: no expression of Python or of the library. */
const PROSE = /[\p{L}\d)]\s+[\p{L}\d(]|[=?!]\s*$|^\s*$/u;

/** The value, or null where the library raises. Throws where only its own parser can tell. */
function valueOf(text: string): Rational | null {
  if (/^[\d\s+\-*/()]*$/.test(text) && !/\*\s*\*|\/\s*\/|\d\s*\(|\)\s*[\d(]/.test(text)) {
    try {
      return calculate(text);
    } catch (error) {
      if (error instanceof NotArithmetic) return null;
      throw error;
    }
  }
  if (PROSE.test(text)) return null;
  throw new NeedsLibrary('an algebra system to read the answer');
}

const WHOLE = pythonRegex(String.raw`\b\d+\b`);
const numbersIn = (text: string): bigint[] => WHOLE.findAll(text).map((digits) => BigInt(digits));
const sorted = (numbers: readonly bigint[]): string =>
  [...numbers].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).join();

/** The given numbers, each used once, make the target. */
export const countdown: Scorer = (answer, entry) => {
  if (strip(answer) === '') return 0.01;
  const value = valueOf(answer);
  if (value === null) return 0.01;
  if (sorted(numbersIn(answer)) !== sorted(listOf<number>(entry, 'numbers').map(BigInt))) return 0.05;
  const target = numberOf(entry, 'target');
  const near = Math.abs(Number(value[0]) / Number(value[1]) - target) <= 1e-6 + 1e-5 * Math.abs(target);
  return near ? 1 : 0.05;
};

/** Four numbers from 1 to 10 make 24; a fraction is cut. */
export const puzzle24: Scorer = (answer) => {
  const used = numbersIn(strip(answer));
  if (used.length !== 4 || used.some((number) => number > 10n || number < 1n)) return 0.01;
  const value = valueOf(strip(answer));
  return value !== null && value[0] / value[1] === 24n ? 1 : 0.01;
};

const dense = (text: string): string => text.replace(/\s+/g, '');
const TERM = /^([+-]?)((?:\d+|[a-zA-Z](?:\*\*\d+)?)(?:\*(?:\d+|[a-zA-Z](?:\*\*\d+)?))*)/;

/** Powers of the letters to coefficients; undefined where it is no sum of such terms. */
function polynomial(text: string): Map<string, bigint> | undefined {
  const terms = new Map<string, bigint>();
  let rest = dense(text);
  if (/[a-zA-Z\d]\s+[a-zA-Z\d]/.test(text)) return undefined;
  for (let first = true; rest !== ''; first = false) {
    const [whole, sign, body] = TERM.exec(rest) ?? [];
    if (whole === undefined || body === undefined || (!first && sign === '')) return undefined;
    rest = rest.slice(whole.length);
    let factor = sign === '-' ? -1n : 1n;
    const powers = new Map<string, number>();
    for (const part of body.split(/(?<!\*)\*(?!\*)/)) {
      if (/^\d/.test(part)) factor *= BigInt(part);
      else powers.set(part[0]!, (powers.get(part[0]!) ?? 0) + Number(part.slice(3) || 1));
    }
    const key = [...powers].sort().join();
    terms.set(key, (terms.get(key) ?? 0n) + factor);
  }
  return new Map([...terms].filter(([, factor]) => factor !== 0n));
}

/** Letters that stand for something else in the library. */
const RESERVED = /[CEINOQS]/;

/** The same polynomial, multiplied out. */
export const polynomialMultiplication: Scorer = (answer, entry) => {
  if (answer === '') return 0;
  const [wanted, given] = [polynomial(gold(entry)), polynomial(answer)];
  if (given !== undefined && wanted !== undefined && !RESERVED.test(answer)) {
    return Number(
      given.size === wanted.size && [...wanted].every(([key, factor]) => given.get(key) === factor),
    );
  }
  if (PROSE.test(answer)) return 0;
  throw new NeedsLibrary('an algebra system to compare formulas');
};

/** The stored integral, however it is set apart; others have to be differentiated. */
export const integral: Scorer = (answer, entry) => {
  if (strip(answer) === '') return 0;
  if (dense(answer) === dense(gold(entry)) && !PROSE.test(answer)) return 1;
  if (/[\p{L}\d)]\s+[\p{L}\d(]/u.test(answer)) return 0;
  throw new NeedsLibrary('an algebra system to differentiate the answer');
};
