import { exact } from './numbers.js';
import { rationalOf } from './fixed-point.js';
import { constant, NotOurs, ONE, ratio } from './tree.js';
import type { Expr, Ratio } from './tree.js';

/*
 * Expressions as quotients of polynomials with rational coefficients, in symbols and in whatever is no polynomial: roots
 * of primes, pi, e, i, functions of something. Two that are alike here are equal; two that are not may be.
 */

/** Exponents by the names of generators, in order. */
type Monomial = ReadonlyMap<string, number>;

export interface Polynomial {
  readonly terms: ReadonlyMap<string, { readonly monomial: Monomial; readonly coefficient: Ratio }>;
}

export interface Quotient {
  readonly top: Polynomial;
  readonly bottom: Polynomial;
}

const MOST_TERMS = 400;
const MOST_POWER = 64n;

/** Generators of which a power is a number: 2^(1/2) squared is 2, i squared is -1. */
const RELATIONS = new Map<string, { readonly power: number; readonly value: Ratio }>([
  ['I', { power: 2, value: ratio(-1n) }],
]);

function polynomial(terms: Iterable<{ monomial: Monomial; coefficient: Ratio }>): Polynomial {
  const found = new Map<string, { monomial: Monomial; coefficient: Ratio }>();
  for (const { monomial, coefficient } of terms) {
    const key = monomialKey(monomial);
    const before = found.get(key)?.coefficient;
    const sum =
      before === undefined
        ? coefficient
        : ratio(before.p * coefficient.q + coefficient.p * before.q, before.q * coefficient.q);
    if (sum.p === 0n) found.delete(key);
    else found.set(key, { monomial, coefficient: sum });
  }
  if (found.size > MOST_TERMS) throw new NotOurs('a polynomial of many terms');
  return { terms: found };
}

const monomialKey = (monomial: Monomial): string =>
  [...monomial]
    .map(([name, power]) => `${name}^${power}`)
    .sort()
    .join('*');

const number = (value: Ratio): Polynomial => polynomial([{ monomial: new Map(), coefficient: value }]);
const UNIT = number(ONE);
const generator = (name: string, power = 1): Polynomial =>
  polynomial([{ monomial: new Map([[name, power]]), coefficient: ONE }]);

const sum = (a: Polynomial, b: Polynomial): Polynomial =>
  polynomial([...a.terms.values(), ...b.terms.values()]);

function product(a: Polynomial, b: Polynomial): Polynomial {
  const terms: { monomial: Monomial; coefficient: Ratio }[] = [];
  for (const left of a.terms.values()) {
    for (const right of b.terms.values()) terms.push(termProduct(left, right));
  }
  return polynomial(terms);
}

function termProduct(
  a: { monomial: Monomial; coefficient: Ratio },
  b: { monomial: Monomial; coefficient: Ratio },
): { monomial: Monomial; coefficient: Ratio } {
  const monomial = new Map(a.monomial);
  let [p, q] = [a.coefficient.p * b.coefficient.p, a.coefficient.q * b.coefficient.q];
  for (const [name, power] of b.monomial) {
    let total = (monomial.get(name) ?? 0) + power;
    const relation = RELATIONS.get(name);
    while (relation !== undefined && total >= relation.power) {
      total -= relation.power;
      [p, q] = [p * relation.value.p, q * relation.value.q];
    }
    if (total === 0) monomial.delete(name);
    else monomial.set(name, total);
  }
  return { monomial, coefficient: ratio(p, q) };
}

const isZero = ({ terms }: Polynomial): boolean => terms.size === 0;
const negative = (a: Polynomial): Polynomial => product(a, number(ratio(-1n)));

const quotient = (top: Polynomial, bottom = UNIT): Quotient => ({ top, bottom });
const times = (a: Quotient, b: Quotient): Quotient =>
  quotient(product(a.top, b.top), product(a.bottom, b.bottom));

function plus(a: Quotient, b: Quotient): Quotient {
  if (polynomialKey(a.bottom) === polynomialKey(b.bottom)) return quotient(sum(a.top, b.top), a.bottom);
  return quotient(sum(product(a.top, b.bottom), product(b.top, a.bottom)), product(a.bottom, b.bottom));
}

function inverse({ top, bottom }: Quotient): Quotient {
  if (isZero(top)) throw new NotOurs('a division by zero');
  return quotient(bottom, top);
}

/** The text of a polynomial: equal for equal ones. */
const polynomialKey = ({ terms }: Polynomial): string =>
  [...terms]
    .map(([key, { coefficient }]) => `${coefficient.p}/${coefficient.q}*${key}`)
    .sort()
    .join('+');

/** A text for what a function is applied to: equal texts are equal arguments. */
function quotientKey({ top, bottom }: Quotient): string {
  const [only] = bottom.terms.values();
  if (bottom.terms.size === 1 && only!.monomial.size === 0) {
    const scaled = product(top, number(ratio(only!.coefficient.q, only!.coefficient.p)));
    return `(${polynomialKey(scaled)})`;
  }
  return `(${polynomialKey(top)})/(${polynomialKey(bottom)})`;
}

/** True where two expressions are equal whatever their symbols stand for; false where that is not seen. */
export function isIdentical(a: Expr, b: Expr): boolean {
  const difference = plus(canonical(a), times(canonical(b), quotient(number(ratio(-1n)))));
  return isZero(difference.top) && !isZero(difference.bottom);
}

/** Throws {@link NotOurs} for what is too long, and for infinities. */
export function canonical(value: Expr): Quotient {
  switch (value.kind) {
    case 'number':
      return quotient(number(value));
    case 'float':
      return quotient(number(exact(value)));
    case 'constant':
      if (value.name !== 'pi' && value.name !== 'E' && value.name !== 'I') throw new NotOurs(value.name);
      return quotient(generator(value.name));
    case 'symbol':
      return quotient(generator(`${value.name}${value.real ? '' : '!'}`));
    case 'add':
      return value.args.map(canonical).reduce(plus);
    case 'mul':
      return value.args.map(canonical).reduce(times);
    case 'pow':
      return power(value.base, value.exp);
    case 'function':
      return applied(value);
    case 'series':
      if (value.value === null) throw new NotOurs('a sum that was not worked out');
      return quotient(number(value.value));
  }
}

function power(base: Expr, exponent: Expr): Quotient {
  const rational = rationalOf(exponent);
  if (rational === undefined) return symbolicPower(base, canonical(exponent));
  if (rational.q === 1n) return integerPower(canonical(base), rational.p);
  const number = rationalOf(base);
  if (number !== undefined) return rootOfNumber(number, rational);
  // The root of a square of real numbers.
  if (rational.q === 2n && base.kind === 'pow' && isTwo(base.exp) && isReal(base.base)) {
    return integerPower(ofOne('Abs', canonical(base.base)), rational.p);
  }
  const inner = quotientKey(canonical(base));
  return integerPower(quotient(generator(`root${rational.q}${inner}`)), rational.p);
}

const isTwo = (value: Expr): boolean => value.kind === 'number' && value.p === 2n && value.q === 1n;

/** A polynomial of real numbers. */
function isReal(value: Expr): boolean {
  if (value.kind === 'symbol') return value.real;
  if (value.kind === 'add' || value.kind === 'mul') return value.args.every(isReal);
  return value.kind === 'number';
}

function integerPower(base: Quotient, exponent: bigint): Quotient {
  const size = exponent < 0n ? -exponent : exponent;
  const [only] = base.top.terms.values();
  const isPlain = base.top.terms.size === 1 && base.bottom.terms.size === 1 && only!.monomial.size === 0;
  if (size > (isPlain ? 5000n : MOST_POWER)) throw new NotOurs('a high power');
  let [result, square] = [quotient(UNIT), exponent < 0n ? inverse(base) : base];
  for (let rest = size; rest > 0n; rest >>= 1n) {
    if (rest % 2n === 1n) result = times(result, square);
    if (rest > 1n) square = times(square, square);
  }
  return result;
}

/** A root of a rational number, as a product of roots of primes. */
function rootOfNumber(base: Ratio, exponent: Ratio): Quotient {
  const degree = exponent.q;
  let result = quotient(UNIT);
  let { p } = base;
  if (p < 0n) {
    if (degree !== 2n) throw new NotOurs('a root of a negative number');
    result = integerPower(quotient(generator('I')), exponent.p);
    p = -p;
  }
  if (p === 0n) throw new NotOurs('a root of zero');
  for (const [sign, value] of [
    [1n, p],
    [-1n, base.q],
  ] as const) {
    for (const [prime, count] of primesOf(value)) {
      const total = sign * BigInt(count) * exponent.p;
      const whole = (total - (((total % degree) + degree) % degree)) / degree;
      const rest = total - whole * degree;
      result = times(result, integerPower(quotient(number(ratio(prime))), whole));
      if (rest === 0n) continue;
      const name = `${prime}^(1/${degree})`;
      RELATIONS.set(name, { power: Number(degree), value: ratio(prime) });
      result = times(result, quotient(generator(name, Number(rest))));
    }
  }
  return result;
}

export function primesOf(value: bigint): Map<bigint, number> {
  const found = new Map<bigint, number>();
  let rest = value;
  for (let prime = 2n; prime * prime <= rest; prime += prime === 2n ? 1n : 2n) {
    if (prime > 20_000n) throw new NotOurs('a large number under a root');
    while (rest % prime === 0n) {
      found.set(prime, (found.get(prime) ?? 0) + 1);
      rest /= prime;
    }
  }
  if (rest > 1n) found.set(rest, (found.get(rest) ?? 0) + 1);
  return found;
}

/** base ^ (a + b) = base ^ a * base ^ b, so that exponents may be compared term by term. */
function symbolicPower(base: Expr, exponent: Quotient): Quotient {
  const name = base.kind === 'constant' ? base.name : quotientKey(canonical(base));
  const [only] = exponent.bottom.terms.values();
  if (exponent.bottom.terms.size !== 1 || only!.monomial.size !== 0) {
    return quotient(generator(`${name}^${quotientKey(exponent)}`));
  }
  let result = quotient(UNIT);
  for (const { monomial, coefficient } of exponent.top.terms.values()) {
    const amount = ratio(coefficient.p * only!.coefficient.q, coefficient.q * only!.coefficient.p);
    if (monomial.size === 0) result = times(result, power(base, amount));
    else {
      const part = generator(`${name}^{${monomialKey(monomial)}/${amount.q}}`);
      result = times(result, integerPower(quotient(part), amount.p));
    }
  }
  return result;
}

function applied(value: Expr & { kind: 'function' }): Quotient {
  const rational = rationalOf(value);
  if (rational !== undefined) return quotient(number(rational));
  const [first, second] = value.args;
  if (!value.undefined && value.name === 'exp') return power(constant('E'), first!);
  if (!value.undefined && value.name === 'log') {
    return times(naturalLog(first!), inverse(naturalLog(second!)));
  }
  if (value.name === 'binomial' && second !== undefined) return binomial(canonical(first!), second);
  if (!value.undefined && value.args.length === 1) return ofOne(value.name, canonical(first!));
  return quotient(generator(`${value.name}${value.args.map((one) => quotientKey(canonical(one))).join()}`));
}

function binomial(n: Quotient, k: Expr): Quotient {
  const count = rationalOf(k)?.p ?? 0n;
  let result = quotient(UNIT);
  for (let index = 0n; index < count; index += 1n) {
    const factor = plus(n, quotient(number(ratio(-index))));
    result = times(times(result, factor), quotient(number(ratio(1n, index + 1n))));
  }
  return result;
}

const ODD = new Set(['sin', 'tan', 'csc', 'cot', 'asin', 'atan', 'sinh', 'tanh', 'asinh', 'atanh']);
const EVEN = new Set(['cos', 'sec', 'cosh', 'Abs']);

/** sin and cos of a sum with a multiple of pi / 2, as one of them of the rest; undefined where there is none. */
function withoutTurns(name: 'sin' | 'cos', { top, bottom }: Quotient): Quotient | undefined {
  const [only] = bottom.terms.values();
  const pi = top.terms.get('pi^1');
  if (pi === undefined || top.terms.size === 1 || bottom.terms.size !== 1 || only!.monomial.size > 0)
    return undefined;
  const { p, q } = ratio(2n * pi.coefficient.p * only!.coefficient.q, pi.coefficient.q * only!.coefficient.p);
  if (q !== 1n) return undefined;
  const rest = polynomial([...top.terms.values()].filter((term) => term !== pi));
  // cos is a quarter of a turn before sin.
  const quarters = Number((((p + (name === 'cos' ? 1n : 0n)) % 4n) + 4n) % 4n);
  const part = ofOne(quarters % 2 === 0 ? 'sin' : 'cos', quotient(rest, bottom));
  return quarters >= 2 ? times(part, quotient(number(ratio(-1n)))) : part;
}

/** A function of one argument; SymPy takes a sign out of the argument of an odd or even one. */
function ofOne(name: string, argument: Quotient): Quotient {
  const turned = name === 'sin' || name === 'cos' ? withoutTurns(name, argument) : undefined;
  if (turned !== undefined) return turned;
  const opposite = quotient(negative(argument.top), argument.bottom);
  const isFlipped = (ODD.has(name) || EVEN.has(name)) && quotientKey(opposite) < quotientKey(argument);
  const part = quotient(generator(`${name}${quotientKey(isFlipped ? opposite : argument)}`));
  return isFlipped && ODD.has(name) ? times(part, quotient(number(ratio(-1n)))) : part;
}

function naturalLog(value: Expr): Quotient {
  if (value.kind === 'constant' && value.name === 'E') return quotient(UNIT);
  const rational = rationalOf(value);
  if (rational === undefined || rational.p <= 0n)
    return quotient(generator(`log${quotientKey(canonical(value))}`));
  let result = quotient(number(ratio(0n)));
  for (const [sign, part] of [
    [1n, rational.p],
    [-1n, rational.q],
  ] as const) {
    for (const [prime, count] of primesOf(part)) {
      const term = product(generator(`log${prime}`), number(ratio(sign * BigInt(count))));
      result = plus(result, quotient(term));
    }
  }
  return result;
}
