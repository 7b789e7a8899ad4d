import { approximateComplex } from './approximate.js';
import type { Point } from './approximate.js';
import { isIdentical } from './canonical.js';
import { exact } from './numbers.js';
import { fixedOf, ONE_FIXED, rationalOf } from './fixed-point.js';
import { isInteger, isNumber, NotOurs, ratio } from './tree.js';
import type { Decimal, Expr, Ratio } from './tree.js';
import { hasUnknown, somePart, unknowns } from './unknowns.js';

/** Decimal numbers are compared after rounding to as many places. */
const ROUNDED_TO = 6;

/** Whether two expressions are equal. Throws {@link NotOurs} where that is not certain. */
export function expressionsEqual(gold: Expr, pred: Expr): boolean {
  if (isInfinite(gold) || isInfinite(pred)) return infinitiesEqual(gold, pred);
  const [isGoldNumber, isPredNumber] = [isNumberOrPercent(gold), isNumberOrPercent(pred)];
  if (isDecimal(gold) || isDecimal(pred)) return roundedEqual(gold, pred);
  if (hasUnknown(gold) || hasUnknown(pred)) return unknownsEqual(gold, pred);
  return numbersEqual(gold, pred, isGoldNumber || isPredNumber);
}

const isInfinite = (value: Expr): boolean =>
  value.kind === 'constant' && ['oo', '-oo', 'zoo', 'nan'].includes(value.name);

/** Nothing finite is infinite; what is made of an infinity is not worked out here. */
function infinitiesEqual(gold: Expr, pred: Expr): boolean {
  const hasInfinity = (value: Expr): boolean => !isInfinite(value) && somePart(value, isInfinite);
  if (hasInfinity(gold) || hasInfinity(pred)) throw new NotOurs('an expression with infinities');
  return false;
}

/** A number, or one as a percentage. */
function atomOf(value: Expr): Ratio | Decimal | undefined {
  if (isNumber(value)) return value;
  if (value.kind !== 'mul' || value.args.length !== 2) return undefined;
  const [first, second] = value.args;
  const isPercent = second?.kind === 'number' && second.p === 1n && second.q === 100n;
  return isPercent && isNumber(first!) ? first : undefined;
}

const isNumberOrPercent = (value: Expr): boolean => atomOf(value) !== undefined;
const isDecimal = (value: Expr): boolean => atomOf(value)?.kind === 'float';

const hasDecimal = (value: Expr): boolean => somePart(value, ({ kind }) => kind === 'float');

/** One of them is a decimal number: equal when they are after rounding. An integer is none, and is compared exactly. */
function roundedEqual(gold: Expr, pred: Expr): boolean {
  if (hasUnknown(gold) || hasUnknown(pred)) return unknownsEqual(gold, pred);
  const [a, b] = [exactInteger(gold), exactInteger(pred)];
  if (a !== undefined || b !== undefined) {
    const integer = (a ?? b)!;
    return sameAsInteger(a === undefined ? gold : pred, integer);
  }
  return rounded(gold) === rounded(pred);
}

/** The integer that an expression without decimal numbers comes to. */
function exactInteger(value: Expr): bigint | undefined {
  if (hasDecimal(value)) return undefined;
  const rational = rationalOf(value);
  return rational !== undefined && rational.q === 1n ? rational.p : undefined;
}

function sameAsInteger(value: Expr, integer: bigint): boolean {
  const atom = atomOf(value);
  if (atom?.kind !== 'float') {
    if (rationalOf(value) === undefined) return false;
    throw new NotOurs('a sum of decimal numbers');
  }
  const { p, q } = rationalOf(value)!;
  if (q !== 1n || p !== integer) {
    const difference = (p - integer * q < 0n ? integer * q - p : p - integer * q) * 10n ** 12n;
    if (difference < q * (integer < 0n ? -integer : integer) && atom !== value)
      throw new NotOurs('a percentage near an integer');
    return false;
  }
  if (atom !== value) {
    const percent = exact(atom);
    // Worked out in binary.
    return (ratioNumber(percent) * 1) / 100 === Number(integer) || raise('a percentage');
  }
  const size = integer < 0n ? -integer : integer;
  if (size < 1n << 53n) return true;
  if (atom.places > 15) throw new NotOurs('a long decimal number');
  return BigInt(Number(`${atom.digits}e${atom.exponent}`)) === integer;
}

function raise(what: string): never {
  throw new NotOurs(what);
}

const ratioNumber = ({ p, q }: Ratio): number => Number(p) / Number(q);

/** The value to six places, as an integer; a half to the even neighbour. */
function rounded(value: Expr): bigint {
  const rational = rationalOf(value);
  const scale = 10n ** BigInt(ROUNDED_TO);
  if (rational !== undefined) {
    const { p, q } = ratio(rational.p * scale, rational.q);
    return halfEven(p, q);
  }
  const fixed = fixedOf(value);
  if (fixed === undefined) throw new NotOurs('the value of an expression');
  return halfEven(fixed * scale, ONE_FIXED);
}

function halfEven(p: bigint, q: bigint): bigint {
  const sign = p < 0n ? -1n : 1n;
  const size = p * sign;
  const low = size / q;
  const twice = 2n * (size % q);
  return sign * (twice > q || (twice === q && low % 2n === 1n) ? low + 1n : low);
}

/** Expressions without unknowns. `isAgainstNumber`: one of them is a number by itself. */
function numbersEqual(gold: Expr, pred: Expr, isAgainstNumber: boolean): boolean {
  const isInexact = hasDecimal(gold) || hasDecimal(pred);
  const [x, y] = [fixedOf(gold), fixedOf(pred)];
  if (x === undefined || y === undefined) return complexEqual(gold, pred, isInexact);
  const difference = x > y ? x - y : y - x;
  const below = (places: bigint): boolean => difference < ONE_FIXED >> places;
  const scale = x > ONE_FIXED ? x : -x > ONE_FIXED ? -x : ONE_FIXED;
  if (isInexact) {
    if (difference > (scale >> 40n) + (ONE_FIXED >> 40n)) return false;
    if (!isAgainstNumber && difference === 0n && scale < ONE_FIXED << 10n) return true;
    return productsEqual(gold, pred);
  }
  if (!below(40n)) return false;
  if (isIdentical(gold, pred)) return true;
  if (!isAgainstNumber) {
    if (below(60n)) return true;
    throw new NotOurs('numbers that are nearly equal');
  }
  if (!below(140n)) return false;
  if (isPlain(gold) && isPlain(pred)) return true;
  throw new NotOurs('a number that is equal in a way of its own');
}

/** An expression that SymPy works out by itself: no roots in roots, one function at most. */
function isPlain(value: Expr): boolean {
  const hasRoot = (one: Expr): boolean =>
    somePart(one, (part) => part.kind === 'pow' && !isInteger(part.exp));
  const nested = somePart(value, (one) => one.kind === 'pow' && !isInteger(one.exp) && hasRoot(one.base));
  let functions = 0;
  somePart(value, (one) => {
    if (one.kind === 'function') functions += 1;
    return false;
  });
  return !nested && functions <= 1;
}

/** A product with a decimal number as it is worked out in binary, and an integer. */
function productsEqual(gold: Expr, pred: Expr): boolean {
  const [integer, other] = isInteger(gold) ? [gold, pred] : [pred, gold];
  if (!isInteger(integer) || other.kind !== 'mul') throw new NotOurs('a sum of decimal numbers');
  let [total, isBinary] = [ratio(1n), false];
  for (const factor of other.args) {
    const rational = rationalOf(factor);
    const isKnown = factor.kind === 'float' ? factor.places <= 15 : rational?.q === 1n && !hasDecimal(factor);
    if (rational === undefined || !isKnown) throw new NotOurs('a product of decimal numbers');
    const value = factor.kind === 'float' ? inBinary(rational) : rational;
    isBinary ||= factor.kind === 'float';
    total = ratio(total.p * value.p, total.q * value.q);
    if (isBinary) total = inBinary(total);
  }
  return total.q === 1n && total.p === integer.p;
}

/** To 53 binary digits, a half to the even neighbour. */
function inBinary({ p, q }: Ratio): Ratio {
  const bits = (value: bigint): number => (value < 0n ? -value : value).toString(2).length;
  // So that the quotient has 53 or 54 digits.
  const shift = BigInt(53 - (bits(p) - bits(q)));
  const scaled = (one: bigint): Ratio =>
    one >= 0n ? ratio(halfEven(p << one, q), 1n << one) : ratio(halfEven(p, q << -one) << -one);
  return scaled(needsFewer(p, q, shift) ? shift - 1n : shift);
}

/** Whether p / q times 2 ** shift has more than 53 digits. */
function needsFewer(p: bigint, q: bigint, shift: bigint): boolean {
  const size = p < 0n ? -p : p;
  const [top, bottom] = shift >= 0n ? [size << shift, q] : [size, q << -shift];
  return top / bottom >= 1n << 53n;
}

function complexEqual(gold: Expr, pred: Expr, isInexact: boolean): boolean {
  const [a, b] = [approximateComplex(gold), approximateComplex(pred)];
  if (a === undefined || b === undefined) throw new NotOurs('the value of an expression');
  if (isFar(Math.hypot(a.re - b.re, a.im - b.im), Math.hypot(a.re, a.im))) return false;
  if (!isInexact && isIdentical(gold, pred)) return true;
  throw new NotOurs('complex numbers that are nearly equal');
}

const isFar = (difference: number, size: number): boolean => difference > 1e-6 * Math.max(1, size);

/** Expressions with unknowns: equal when they are the same polynomials; unequal when they differ at some place. */
function unknownsEqual(gold: Expr, pred: Expr): boolean {
  if (differsSomewhere(gold, pred)) return false;
  if (isIdentical(gold, pred) && (!hasDecimal(gold) || !isNumberOrPercent(pred))) return true;
  throw new NotOurs('expressions that are equal at every place');
}

const TRIES = [0.7310585786, 1.6180339887, -0.5772156649, 2.2360679775, -1.3247179572, 0.2078795764];

function differsSomewhere(a: Expr, b: Expr): boolean {
  const names = [...unknowns(a), ...unknowns(b)];
  return TRIES.some((_, turn) => {
    const point: Point = new Map(
      names.map((name, index) => [
        name,
        TRIES[(turn + index * (1 + (index % 5))) % TRIES.length]! + index * 0.0625,
      ]),
    );
    const [x, y] = [approximateComplex(a, point), approximateComplex(b, point)];
    return (
      x !== undefined &&
      y !== undefined &&
      isFar(Math.hypot(x.re - y.re, x.im - y.im), Math.hypot(x.re, x.im))
    );
  });
}
