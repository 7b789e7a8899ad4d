import { approximateComplex } from './approximate.js';
import type { Point } from './approximate.js';
import { isIdentical } from './canonical.js';
import { exact } from './numbers.js';
import { fixedOf, ONE_FIXED, rationalOf } from './fixed-point.js';
import { isInteger, isNumber, NotOurs, ratio } from './tree.js';
import type { Decimal, Expr, Ratio } from './tree.js';

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

function infinitiesEqual(gold: Expr, pred: Expr): boolean {
  const [one, other] = isInfinite(gold) ? [gold, pred] : [pred, gold];
  if (isInfinite(other) || one.kind !== 'constant' || one.name === 'nan') return false;
  if (approximateComplex(other) === undefined) throw new NotOurs('an infinity and an expression');
  return false;
}

/** A number, or one as a percentage. */
function atomOf(value: Expr): Ratio | Decimal | undefined {
  if (isNumber(value)) return value;
  if (value.kind !== 'mul' || value.args.length !== 2) return undefined;
  const [first, second] = value.args;
  const isPercent = second!.kind === 'number' && second.p === 1n && second.q === 100n;
  return isPercent && isNumber(first!) ? first : undefined;
}

const isNumberOrPercent = (value: Expr): boolean => atomOf(value) !== undefined;
const isDecimal = (value: Expr): boolean => atomOf(value)?.kind === 'float';

function some(value: Expr, test: (one: Expr) => boolean): boolean {
  if (test(value)) return true;
  if (value.kind === 'pow') return some(value.base, test) || some(value.exp, test);
  return 'args' in value && value.args.some((one) => some(one, test));
}

const isUnknown = (value: Expr): boolean =>
  value.kind === 'symbol' || (value.kind === 'function' && value.undefined);
const hasUnknown = (value: Expr): boolean => some(value, isUnknown);
const hasDecimal = (value: Expr): boolean => some(value, ({ kind }) => kind === 'float');

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
    if (difference < q * (integer < 0n ? -integer : integer) && atom !== value) throw new NotOurs('a percentage near an integer');
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
  const hasRoot = (one: Expr): boolean => some(one, (part) => part.kind === 'pow' && !isInteger(part.exp));
  const nested = some(value, (one) => one.kind === 'pow' && !isInteger(one.exp) && hasRoot(one.base));
  let functions = 0;
  some(value, (one) => {
    if (one.kind === 'function') functions += 1;
    return false;
  });
  return !nested && functions <= 1;
}

/** A product with a decimal number as it is worked out in binary, and an integer. */
function productsEqual(gold: Expr, pred: Expr): boolean {
  const [integer, other] = isInteger(gold) ? [gold, pred] : [pred, gold];
  if (!isInteger(integer) || other.kind !== 'mul') throw new NotOurs('a sum of decimal numbers');
  let total = 1;
  for (const factor of other.args) {
    const rational = rationalOf(factor);
    const isSmall = factor.kind === 'float' ? factor.places <= 15 : rational !== undefined && rational.q === 1n && Number.isSafeInteger(Number(rational.p));
    if (rational === undefined || !isSmall) throw new NotOurs('a product of decimal numbers');
    total *= factor.kind === 'float' ? Number(`${factor.digits}e${factor.exponent}`) : Number(rational.p);
  }
  return Number.isInteger(total) && BigInt(total) === integer.p;
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
      names.map((name, index) => [name, TRIES[(turn + index * (1 + (index % 5))) % TRIES.length]! + index * 0.0625]),
    );
    const [x, y] = [approximateComplex(a, point), approximateComplex(b, point)];
    return x !== undefined && y !== undefined && isFar(Math.hypot(x.re - y.re, x.im - y.im), Math.hypot(x.re, x.im));
  });
}

function unknowns(value: Expr): Set<string> {
  const names = new Set<string>();
  some(value, (one) => {
    if (one.kind === 'symbol') names.add(one.real ? one.name : `${one.name}!`);
    return false;
  });
  return names;
}
