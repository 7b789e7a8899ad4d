import { approximateComplex } from './approximate.js';
import { decimalText, exact } from './numbers.js';
import { applied, isExpr, isInteger, isNumber, mul, NotOurs, ONE, pow, ratio, sameTree } from './tree.js';
import { hasUnknown } from './unknowns.js';
import type { ConstantName, Expr, MathValue, Ratio, Relation } from './tree.js';

/*
 * The order in which SymPy puts the parts of an answer, for its text and to compare sets element by element. Keys are
 * Python's tuples: compared part by part, a shorter one before a longer one that begins with it.
 */

export type Key = string | number | Ratio | readonly Key[];

/** Negative, 0 or positive. Throws {@link NotOurs} where Python could not tell. */
export function compareKeys(a: Key, b: Key): number {
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (isKeys(a) && isKeys(b)) {
    for (const [index, one] of a.entries()) {
      if (index >= b.length) return 1;
      const order = compareKeys(one, b[index]!);
      if (order !== 0) return order;
    }
    return a.length - b.length;
  }
  if (isRatio(a) && isRatio(b)) {
    const difference = a.q === 0n && b.q === 0n ? a.p - b.p : a.p * b.q - b.p * a.q;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }
  throw new NotOurs('an order');
}

const isKeys = (key: Key): key is readonly Key[] => Array.isArray(key);
const isRatio = (key: Key): key is Ratio => typeof key === 'object' && 'p' in key;

function compareTexts(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (const [index, one] of left.entries()) {
    if (index >= right.length) return 1;
    const order = one.codePointAt(0)! - right[index]!.codePointAt(0)!;
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

const CONSTANTS: Readonly<Partial<Record<ConstantName, string>>> = {
  pi: 'Pi',
  E: 'Exp1',
  I: 'ImaginaryUnit',
};

const FUNCTIONS: Readonly<Record<string, number>> = {
  exp: 10, log: 11, sin: 20, cos: 21, tan: 22, cot: 23, sinh: 30, cosh: 31, tanh: 32, coth: 33,
}; // prettier-ignore

const CLASSES: Readonly<Record<string, string>> = {
  '==': 'Equality', '!=': 'Unequality', '<': 'StrictLessThan', '<=': 'LessThan', '>': 'StrictGreaterThan',
  '>=': 'GreaterThan', tuple: 'Tuple', set: 'FiniteSet', interval: 'Interval', union: 'Union',
}; // prettier-ignore

function numberKey(value: Ratio): Key {
  return [[1, 0, 'Number'], [0, []], [], value];
}

const ONE_KEY = numberKey(ONE);
/** Beyond every number, by the rule for comparing two of them. */
const INFINITE: Ratio = { kind: 'number', p: 1n, q: 0n };

/** The key of an answer or a part of one. */
export function sortKey(value: MathValue): Key {
  if (isNumber(value)) return numberKey(value.kind === 'float' ? exact(value) : value);
  if (value.kind === 'constant' && (value.name === 'oo' || value.name === '-oo')) {
    return numberKey(value.name === 'oo' ? INFINITE : { ...INFINITE, p: -1n });
  }
  if (isExpr(value)) return expressionKey(value);
  switch (value.kind) {
    case 'relation':
      return basicKey(CLASSES[value.op]!, [value.left, value.right].map(sortKey));
    case 'interval': {
      const flags = [value.leftOpen, value.rightOpen].map((open) =>
        atomKey(open ? 'BooleanTrue' : 'BooleanFalse', open ? 'True' : 'False'),
      );
      return basicKey('Interval', [sortKey(value.start), sortKey(value.end), ...flags]);
    }
    case 'tuple':
      return basicKey('Tuple', value.args.map(sortKey));
    case 'and':
      return basicKey('And', orderedRelations(value.args).map(sortKey));
    default:
      throw new NotOurs(`the order of a ${value.kind}`);
  }
}

const basicKey = (name: string, args: Key[]): Key => [[5, 0, name], [args.length, args], ONE_KEY, ONE];
const atomKey = (name: string, text: string): Key => [[2, 0, name], [1, [text]], ONE_KEY, ONE];

/** The number that a product begins with, and the rest of it. */
export function coefficientOf(value: Expr): [Ratio | (Expr & { kind: 'float' }), Expr] {
  if (value.kind === 'number' || value.kind === 'float') return [value, ONE];
  if (value.kind !== 'mul' || !isNumber(value.args[0]!)) return [ONE, value];
  const [first, ...rest] = value.args;
  return [first, rest.length === 1 ? rest[0]! : mul(...rest)];
}

function expressionKey(value: Expr): Key {
  const [coefficient, whole] = coefficientOf(value);
  let [base, exponent]: [Expr, Expr] = [whole, ONE];
  if (whole.kind === 'pow') [base, exponent] = baseAndExponent(whole);
  // Powers of e stand with the function.
  if (base.kind === 'constant' && base.name === 'E' && whole.kind === 'pow') {
    [base, exponent] = [applied('exp', exponent), ONE];
  }
  const amount = coefficient.kind === 'float' ? exact(coefficient) : coefficient;
  return [classKey(base), partsKey(base), sortKey(exponent), amount];
}

/** A power of a unit fraction is one of an integer. */
function baseAndExponent({ base, exp }: Expr & { kind: 'pow' }): [Expr, Expr] {
  if (base.kind === 'number' && base.p === 1n && base.q !== 1n)
    throw new NotOurs('a power of a unit fraction');
  return [base, exp];
}

function classKey(value: Expr): Key {
  switch (value.kind) {
    case 'number':
    case 'float':
      return [1, 0, 'Number'];
    case 'symbol':
      return [2, 0, 'Symbol'];
    case 'constant': {
      const name = CONSTANTS[value.name];
      if (name === undefined) throw new NotOurs('the order of infinities');
      return [2, 0, name];
    }
    case 'mul':
      return [3, 0, 'Mul'];
    case 'add':
      return [3, 1, 'Add'];
    case 'pow':
      return [3, 2, 'Pow'];
    case 'series':
      throw new NotOurs('the order of a sum');
    case 'function':
      return [4, value.undefined ? 0 : (FUNCTIONS[value.name] ?? 10_000), value.name];
  }
}

function partsKey(value: Expr): Key {
  const keys = (args: readonly Expr[]): Key => [args.length, args.map(sortKey)];
  switch (value.kind) {
    case 'number':
      return [1, [value.q === 1n ? String(value.p) : `${value.p}/${value.q}`]];
    case 'float':
      return [1, [decimalText(value, false)]];
    case 'symbol':
    case 'constant':
      return [1, [value.name]];
    case 'add':
      return keys(orderedTerms(value.args));
    case 'mul':
      return keys(orderedFactors(value.args));
    case 'pow':
      return keys([value.base, value.exp]);
    case 'series':
      throw new NotOurs('the order of a sum');
    case 'function':
      return keys(value.args);
  }
}

/** Factors in order. */
export function orderedFactors(args: readonly Expr[]): Expr[] {
  return args
    .map((value) => ({ value, key: sortKey(value) }))
    .sort((a, b) => compareKeys(a.key, b.key))
    .map(({ value }) => value);
}

interface Term {
  readonly value: Expr;
  readonly re: number;
  readonly im: number;
  readonly powers: readonly { base: Expr; exponent: bigint }[];
}

/** Terms in order: as those of a polynomial, the highest powers first. */
export function orderedTerms(args: readonly Expr[]): readonly Expr[] {
  const special = numberMinusProduct(args);
  if (special !== undefined) return special;
  const terms = args.map(termOf);
  const bases: Expr[] = [];
  for (const { base } of terms.flatMap(({ powers }) => powers)) {
    if (!bases.some((one) => sameTree(one, base))) bases.push(base);
  }
  const generators = orderedFactors(bases);
  const keyed = terms.map((term) => ({
    term,
    exponents: generators.map(
      (base) => term.powers.findLast((one) => sameTree(one.base, base))?.exponent ?? 0n,
    ),
  }));
  return keyed
    .sort((a, b) => compareExponents(b.exponents, a.exponents) || compareAmounts(a.term, b.term))
    .map(({ term }) => term.value);
}

/** `1 - sqrt(3)`: a positive number and a product with a negative one stay so. */
function numberMinusProduct(args: readonly Expr[]): readonly Expr[] | undefined {
  const isNumeric = (one: Expr): boolean =>
    isNumber(one) || (one.kind === 'constant' && one.name !== 'I' && one.name !== 'zoo');
  const sorted = [...args].sort((a, b) => Number(!isNumeric(a)) - Number(!isNumeric(b)));
  const [first, second] = sorted;
  if (sorted.length !== 2 || !isNumeric(first!) || second!.kind !== 'mul') return undefined;
  const factors = [...second!.args].sort((a, b) => Number(!isNumeric(a)) - Number(!isNumeric(b)));
  const [amount] = factors;
  if (factors.length !== 2 || !isNumber(amount!)) return undefined;
  const positive =
    first!.kind === 'constant' ? first!.name !== '-oo' && first!.name !== 'nan' : signOf(first as Ratio) > 0;
  return positive && signOf(amount) < 0 ? sorted : undefined;
}

function signOf(value: Ratio | (Expr & { kind: 'float' })): number {
  const size = value.kind === 'number' ? value.p : value.digits;
  return size > 0n ? 1 : size < 0n ? -1 : 0;
}

function compareExponents(a: readonly bigint[], b: readonly bigint[]): number {
  for (const [index, one] of a.entries()) {
    const other = b[index]!;
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}

function compareAmounts(a: Term, b: Term): number {
  const imaginary = Number(a.im !== 0) - Number(b.im !== 0) || near(a.im, b.im);
  return imaginary || near(a.re, b.re) || 0;
}

/** The order of two floating-point numbers that were worked out in another way than the reference's. */
function near(a: number, b: number): number {
  if (a === b) return 0;
  if (Number.isNaN(a) || Number.isNaN(b) || Math.abs(a - b) <= 1e-11 * Math.max(Math.abs(a), Math.abs(b))) {
    throw new NotOurs('the order of numbers that are nearly equal');
  }
  return a - b;
}

function termOf(value: Expr): Term {
  const [coefficient, rest] = coefficientOf(value);
  let amount = approximateComplex(coefficient)!;
  const powers: { base: Expr; exponent: bigint }[] = [];
  const factors = isInteger(rest) && rest.p === 1n ? [] : rest.kind === 'mul' ? rest.args : [rest];
  for (const factor of factors) {
    const number = approximateComplex(factor);
    if (number === undefined && !hasUnknown(factor))
      throw new NotOurs('the order of numbers without a value');
    if (number === undefined) powers.push(decomposed(factor));
    else {
      amount = {
        re: amount.re * number.re - amount.im * number.im,
        im: amount.re * number.im + amount.im * number.re,
      };
    }
  }
  return { value, ...amount, powers };
}

/** A factor as a base and an integer exponent. */
function decomposed(factor: Expr): { base: Expr; exponent: bigint } {
  if (factor.kind !== 'pow') {
    if (factor.kind !== 'function' || factor.name !== 'exp' || factor.undefined)
      return { base: factor, exponent: 1n };
    return decomposedExponent(factor, factor.args[0]!, (tail) => applied('exp', tail));
  }
  const [base, exponent] = baseAndExponent(factor);
  if (exponent.kind === 'number') {
    return { base: exponent.q === 1n ? base : pow(base, ratio(1n, exponent.q)), exponent: exponent.p };
  }
  if (exponent.kind === 'float') return { base: factor, exponent: 1n };
  return decomposedExponent(factor, exponent, (tail) => pow(base, tail));
}

/** The rational number that an exponent begins with stands for the power, the rest of it for the base. */
function decomposedExponent(
  factor: Expr,
  exponent: Expr,
  power: (tail: Expr) => Expr,
): { base: Expr; exponent: bigint } {
  const [amount, tail] = coefficientOf(exponent);
  if (amount.kind !== 'number' || exponent.kind === 'number') throw new NotOurs('the order of powers');
  if (isInteger(amount) && amount.p === 1n) return { base: factor, exponent: 1n };
  return { base: power(amount.q === 1n ? tail : mul(ratio(1n, amount.q), tail)), exponent: amount.p };
}

/** Relations of a chain as they are printed: the smaller ones first. */
export function orderedRelations(args: readonly Relation[]): Relation[] {
  return [...args].sort((a, b) => nodesOf(a) - nodesOf(b) || compareKeys(sortKey(a), sortKey(b)));
}

/** How many parts a tree has; a decimal number is half a part. */
export function nodesOf(value: MathValue): number {
  if (value.kind === 'float') return 0.5;
  if (value.kind === 'relation') return 1 + nodesOf(value.left) + nodesOf(value.right);
  if (value.kind === 'pow') return 1 + nodesOf(value.base) + nodesOf(value.exp);
  if (value.kind === 'interval') return 3 + nodesOf(value.start) + nodesOf(value.end);
  if (!('args' in value)) return 1;
  return value.args.reduce((total, one) => total + nodesOf(one), 1);
}
