import { exact } from './numbers.js';
import { ratio } from './tree.js';
import type { Expr, Ratio } from './tree.js';

/*
 * Real numbers to a fixed number of binary places, far more than any comparison needs: two numbers that are equal in the
 * first half of them are equal.
 */

const PLACES = 320n;
export const ONE_FIXED = 1n << PLACES;
/** Numbers with more bits are none of ours. */
const MOST_BITS = 40_000;

const absolute = (value: bigint): bigint => (value < 0n ? -value : value);
const multiply = (a: bigint, b: bigint): bigint => (a * b) >> PLACES;
const divide = (a: bigint, b: bigint): bigint => (a << PLACES) / b;
const tooSmall = (value: bigint): boolean => absolute(value) < 1n << (PLACES - 80n);
const tooLarge = (value: bigint): boolean => absolute(value) > 1n << (PLACES + 1200n);

let knownPi: bigint | undefined;

/** The integer part of the n-th root of a natural number. */
export function integerRoot(value: bigint, degree: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / Number(degree)) + 1);
  for (;;) {
    const next = ((degree - 1n) * root + value / root ** (degree - 1n)) / degree;
    if (next >= root) return root;
    root = next;
  }
}

/** The exact value of an expression of rational numbers; undefined where it is none, or too long. */
export function rationalOf(value: Expr): Ratio | undefined {
  switch (value.kind) {
    case 'number':
      return value;
    case 'float':
      return exact(value);
    case 'add':
    case 'mul': {
      let [p, q] = value.kind === 'add' ? [0n, 1n] : [1n, 1n];
      for (const arg of value.args) {
        const one = rationalOf(arg);
        if (one === undefined) return undefined;
        [p, q] = value.kind === 'add' ? [p * one.q + one.p * q, q * one.q] : [p * one.p, q * one.q];
      }
      return bounded(ratio(p, q));
    }
    case 'pow':
      return rationalPower(rationalOf(value.base), rationalOf(value.exp));
    case 'series':
      return value.value ?? undefined;
    case 'function':
      return rationalFunction(value.name, value.args.map(rationalOf));
    default:
      return undefined;
  }
}

function bounded(value: Ratio): Ratio | undefined {
  return value.p.toString(16).length + value.q.toString(16).length > MOST_BITS / 4 ? undefined : value;
}

function rationalPower(base: Ratio | undefined, exponent: Ratio | undefined): Ratio | undefined {
  if (base === undefined || exponent === undefined) return undefined;
  const size = absolute(exponent.p);
  const bits = Math.max(base.p.toString(2).length, base.q.toString(2).length);
  if (exponent.q === 1n) {
    if (base.p === 0n && exponent.p <= 0n) return exponent.p === 0n ? ratio(1n) : undefined;
    if (Number(size) * bits > MOST_BITS) return undefined;
    return exponent.p >= 0n ? ratio(base.p ** size, base.q ** size) : ratio(base.q ** size, base.p ** size);
  }
  if (base.p < 0n || exponent.q > 64n) return undefined;
  const [top, bottom] = [integerRoot(base.p, exponent.q), integerRoot(base.q, exponent.q)];
  if (top ** exponent.q !== base.p || bottom ** exponent.q !== base.q) return undefined;
  return rationalPower(ratio(top, bottom), ratio(exponent.p));
}

function rationalFunction(name: string, args: readonly (Ratio | undefined)[]): Ratio | undefined {
  const [first] = args;
  if (first === undefined) return undefined;
  const down = (value: Ratio): bigint => (value.p - (((value.p % value.q) + value.q) % value.q)) / value.q;
  if (name === 'Abs') return ratio(absolute(first.p), first.q);
  if (name === 'floor') return ratio(down(first));
  if (name === 'ceiling') return ratio(-down(ratio(-first.p, first.q)));
  if (name !== 'factorial' || first.q !== 1n || first.p < 0n || first.p > 2000n) return undefined;
  let value = 1n;
  for (let index = 2n; index <= first.p; index += 1n) value *= index;
  return ratio(value);
}

/** The value of an expression without symbols; undefined where it is not known to be real. */
export function fixedOf(value: Expr): bigint | undefined {
  const rational = rationalOf(value);
  const found = rational === undefined ? fixed(value) : (rational.p << PLACES) / rational.q;
  return found === undefined || tooLarge(found) ? undefined : found;
}

function fixed(value: Expr): bigint | undefined {
  switch (value.kind) {
    case 'constant':
      if (value.name === 'pi') return pi();
      return value.name === 'E' ? exponential(ONE_FIXED) : undefined;
    case 'add':
    case 'mul': {
      let total = value.kind === 'add' ? 0n : ONE_FIXED;
      for (const arg of value.args) {
        const one = fixedOf(arg);
        if (one === undefined || tooLarge(total)) return undefined;
        total = value.kind === 'add' ? total + one : multiply(total, one);
      }
      return total;
    }
    case 'pow':
      return power(value.base, value.exp);
    case 'function':
      return value.undefined ? undefined : applyFunction(value.name, value.args.map(fixedOf));
    default:
      return undefined;
  }
}

function power(base: Expr, exponent: Expr): bigint | undefined {
  const x = fixedOf(base);
  const rational = rationalOf(exponent);
  if (x === undefined) return undefined;
  if (rational === undefined || rational.q > 64n || absolute(rational.p) > 4000n) {
    const y = fixedOf(exponent);
    const log = y === undefined || x <= 0n || tooSmall(x) ? undefined : logarithm(x);
    return log === undefined ? undefined : exponential(multiply(log, y!));
  }
  if (x < 0n && rational.q !== 1n) return undefined;
  if (rational.p < 0n && tooSmall(x)) return undefined;
  // (x ** (1 / q)) ** p
  const root = rational.q === 1n ? x : integerRoot(x << (PLACES * (rational.q - 1n)), rational.q);
  let total = ONE_FIXED;
  for (let index = 0n; index < absolute(rational.p); index += 1n) {
    total = multiply(total, root);
    if (tooLarge(total)) return undefined;
  }
  if (rational.p >= 0n) return total;
  return tooSmall(total) ? undefined : divide(ONE_FIXED, total);
}

function applyFunction(name: string, args: readonly (bigint | undefined)[]): bigint | undefined {
  const [x, base] = args;
  if (x === undefined) return undefined;
  const over = (top: bigint, bottom: bigint): bigint | undefined =>
    tooSmall(bottom) ? undefined : divide(top, bottom);
  switch (name) {
    case 'Abs':
      return absolute(x);
    case 'exp':
      return exponential(x);
    case 'log': {
      if (base === undefined || tooSmall(x) || x < 0n || tooSmall(base) || base < 0n) return undefined;
      return over(logarithm(x), logarithm(base));
    }
    case 'sin':
      return sine(x);
    case 'cos':
      return sine(x + pi() / 2n);
    case 'tan':
      return over(sine(x), sine(x + pi() / 2n));
    case 'cot':
      return over(sine(x + pi() / 2n), sine(x));
    case 'sec':
      return over(ONE_FIXED, sine(x + pi() / 2n));
    case 'csc':
      return over(ONE_FIXED, sine(x));
    case 'atan':
      return arcTangent(x);
    case 'asin':
    case 'acos': {
      if (absolute(x) > ONE_FIXED) return undefined;
      const rest = integerRoot((ONE_FIXED - multiply(x, x)) << PLACES, 2n);
      const angle = rest === 0n ? (x > 0n ? pi() / 2n : -pi() / 2n) : arcTangent(divide(x, rest));
      return name === 'asin' ? angle : pi() / 2n - angle;
    }
    default:
      return undefined;
  }
}

/** The sum of a power series: each term from the one before it. */
function series(first: bigint, next: (term: bigint, index: bigint) => bigint): bigint {
  let total = 0n;
  for (let [term, index] = [first, 1n]; term !== 0n && term !== -1n; term = next(term, index), index += 1n)
    total += term;
  return total;
}

export function pi(): bigint {
  // Machin: 16 atan(1/5) - 4 atan(1/239)
  knownPi ??= 16n * arcTangentOfUnit(5n) - 4n * arcTangentOfUnit(239n);
  return knownPi;
}

function arcTangentOfUnit(n: bigint): bigint {
  let total = 0n;
  for (let [term, index] = [ONE_FIXED / n, 0n]; term !== 0n; term /= n * n, index += 1n) {
    total += (index % 2n === 0n ? term : -term) / (2n * index + 1n);
  }
  return total;
}

function exponential(x: bigint): bigint | undefined {
  if (absolute(x) > 700n << PLACES) return undefined;
  // exp(x) = exp(x / 2^16) ^ (2^16)
  let value = series(ONE_FIXED, (term, index) => multiply(term, x >> 16n) / index);
  for (let time = 0; time < 16; time += 1) value = multiply(value, value);
  return value;
}

function logarithm(x: bigint): bigint {
  // log(x) = 2^16 log(x ^ (1/2^16)); near 1 by 2 atanh((y - 1) / (y + 1))
  let y = x;
  for (let time = 0; time < 16; time += 1) y = integerRoot(y << PLACES, 2n);
  const z = divide(y - ONE_FIXED, y + ONE_FIXED);
  const square = multiply(z, z);
  let total = 0n;
  for (let [term, index] = [z, 1n]; absolute(term) > 1n; term = multiply(term, square), index += 2n)
    total += term / index;
  return total << 17n;
}

function sine(x: bigint): bigint {
  const turn = 2n * pi();
  const angle = ((x % turn) + turn) % turn;
  const square = multiply(angle, angle);
  return series(angle, (term, index) => -multiply(term, square) / (2n * index * (2n * index + 1n)));
}

function arcTangent(x: bigint): bigint {
  // Halve the angle until it is small.
  let y = x;
  for (let time = 0; time < 16; time += 1) {
    y = divide(y, ONE_FIXED + integerRoot((ONE_FIXED + multiply(y, y)) << PLACES, 2n));
  }
  const square = multiply(y, y);
  let total = 0n;
  for (let [term, index] = [y, 1n]; absolute(term) > 1n; term = -multiply(term, square), index += 2n)
    total += term / index;
  return total << 16n;
}
