import { exact } from './numbers.js';
import { fixedOf, ONE_FIXED } from './fixed-point.js';
import type { Expr } from './tree.js';

export interface Complex {
  readonly re: number;
  readonly im: number;
}

const real = (re: number): Complex => ({ re, im: 0 });

/** Values of symbols, for a try at one point. */
export type Point = ReadonlyMap<string, number>;

const FUNCTIONS: Readonly<Record<string, (x: number) => number>> = {
  Abs: Math.abs, floor: Math.floor, ceiling: Math.ceil, exp: Math.exp, sin: Math.sin, cos: Math.cos, tan: Math.tan,
  csc: (x) => 1 / Math.sin(x), sec: (x) => 1 / Math.cos(x), cot: (x) => 1 / Math.tan(x), asin: Math.asin, acos: Math.acos,
  atan: Math.atan, sinh: Math.sinh, cosh: Math.cosh, tanh: Math.tanh, asinh: Math.asinh, acosh: Math.acosh, atanh: Math.atanh,
}; // prettier-ignore

/** About the value of an expression; undefined where it has symbols without a value, or none that is finite. */
export function approximateComplex(value: Expr, point?: Point): Complex | undefined {
  const found = approximate(value, point);
  return found !== undefined && Number.isFinite(found.re) && Number.isFinite(found.im) ? found : undefined;
}

function approximate(value: Expr, point?: Point): Complex | undefined {
  switch (value.kind) {
    case 'number':
      return real(ratioToNumber(value.p, value.q));
    case 'float': {
      const { p, q } = exact(value);
      return real(ratioToNumber(p, q));
    }
    case 'constant':
      if (value.name === 'pi') return real(Math.PI);
      if (value.name === 'E') return real(Math.E);
      return value.name === 'I' ? { re: 0, im: 1 } : undefined;
    case 'symbol': {
      const given = point?.get(value.real ? value.name : `${value.name}!`);
      return given === undefined ? undefined : real(given);
    }
    case 'add':
      return fold(value.args, point, real(0), (a, b) => ({ re: a.re + b.re, im: a.im + b.im }));
    case 'mul':
      return fold(value.args, point, real(1), times);
    case 'pow':
      return power(approximateComplex(value.base, point), approximateComplex(value.exp, point));
    case 'function':
      return applyFunction(value, point);
    case 'series':
      return value.value === null ? undefined : real(ratioToNumber(value.value.p, value.value.q));
  }
}

function fold(
  args: readonly Expr[],
  point: Point | undefined,
  start: Complex,
  join: (a: Complex, b: Complex) => Complex,
): Complex | undefined {
  let total = start;
  for (const one of args) {
    const value = approximateComplex(one, point);
    if (value === undefined) return undefined;
    total = join(total, value);
  }
  return total;
}

const times = (a: Complex, b: Complex): Complex => ({
  re: a.re * b.re - a.im * b.im,
  im: a.re * b.im + a.im * b.re,
});

function power(base: Complex | undefined, exponent: Complex | undefined): Complex | undefined {
  if (base === undefined || exponent === undefined) return undefined;
  if (base.im === 0 && exponent.im === 0 && (base.re >= 0 || Number.isInteger(exponent.re))) {
    return real(base.re ** exponent.re);
  }
  const size = Math.hypot(base.re, base.im);
  if (size === 0) return undefined;
  // base ** exponent = exp(exponent * log(base))
  const log = { re: Math.log(size), im: Math.atan2(base.im, base.re) };
  const { re, im } = times(exponent, log);
  return { re: Math.exp(re) * Math.cos(im), im: Math.exp(re) * Math.sin(im) };
}

function applyFunction(value: Expr & { kind: 'function' }, point?: Point): Complex | undefined {
  if (value.undefined) return point === undefined ? undefined : real(anyNumber(value));
  const args = value.args.map((one) => approximateComplex(one, point));
  const [first, second] = args;
  if (first === undefined) return undefined;
  if (value.name === 'Abs') return real(Math.hypot(first.re, first.im));
  if (first.im !== 0) return undefined;
  if (value.name === 'log') {
    if (second?.im !== 0 || first.re <= 0 || second.re <= 0) return undefined;
    return real(Math.log(first.re) / Math.log(second.re));
  }
  if (value.name === 'factorial') return factorial(first.re);
  if (value.name === 'binomial') return binomial(first.re, second?.re);
  const known = FUNCTIONS[value.name];
  return known === undefined ? undefined : real(known(first.re));
}

/** n (n - 1) … (n - k + 1) / k! */
function binomial(n: number, k: number | undefined): Complex | undefined {
  if (k === undefined) return undefined;
  let value = 1;
  for (let index = 0; index < k; index += 1) value = (value * (n - index)) / (index + 1);
  return real(value);
}

function factorial(n: number): Complex | undefined {
  if (!Number.isInteger(n) || n < 0 || n > 170) return undefined;
  let value = 1;
  for (let index = 2; index <= n; index += 1) value *= index;
  return real(value);
}

/** p/q for integers of any size. */
export function ratioToNumber(p: bigint, q: bigint): number {
  const bits = (value: bigint): number => (value < 0n ? -value : value).toString(2).length;
  const shift = BigInt(Math.max(0, 64 - bits(p) + bits(q)));
  const scaled = Number((p << shift) / q);
  return (
    scaled / 2 ** Number(shift > 1000n ? 1000n : shift) / 2 ** Number(shift > 1000n ? shift - 1000n : 0n)
  );
}

const isInfinity = (value: Expr): -1 | 0 | 1 =>
  value.kind !== 'constant' ? 0 : value.name === 'oo' ? 1 : value.name === '-oo' ? -1 : 0;

/** Negative, 0 or positive; undefined where one of them is no real number, or they cannot be told apart. */
export function compareNumbers(a: Expr, b: Expr): number | undefined {
  const [left, right] = [isInfinity(a), isInfinity(b)];
  if (left !== 0 || right !== 0) {
    if ((left === 0 && fixedOf(a) === undefined) || (right === 0 && fixedOf(b) === undefined))
      return undefined;
    return left - right;
  }
  const [x, y] = [fixedOf(a), fixedOf(b)];
  if (x === undefined || y === undefined) return undefined;
  const difference = x - y;
  if (difference > ONE_FIXED >> 100n) return 1;
  return difference < -(ONE_FIXED >> 100n) ? -1 : 0;
}

/** A number for a function that is only a name: the same for the same function of the same arguments. */
function anyNumber(value: Expr): number {
  const text = JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
  let hash = 2166136261;
  for (const character of text) hash = Math.imul(hash ^ character.codePointAt(0)!, 16777619);
  return 0.5 + ((hash >>> 0) % 10_007) / 10_007;
}
