/*
 * What an answer in LaTeX means to math-verify: a tree that nothing has been worked out in, as its reader makes it.
 * Structural equality and the text of a tree are part of the verdict, so the order of arguments is kept.
 */

/** p/q in lowest terms, q > 0; an integer has q = 1. */
export interface Ratio {
  readonly kind: 'number';
  readonly p: bigint;
  readonly q: bigint;
}

/** A decimal number as it was written: digits * 10^exponent, known to `places` significant digits (at least 15). */
export interface Decimal {
  readonly kind: 'float';
  readonly digits: bigint;
  readonly exponent: number;
  readonly places: number;
}

export type ConstantName = 'pi' | 'E' | 'I' | 'oo' | '-oo' | 'zoo' | 'nan';

/** `real`: null where nothing is assumed; two symbols of one name and other assumptions differ. */
export interface SymbolNode {
  readonly kind: 'symbol';
  readonly name: string;
  readonly real: boolean;
}

export interface Applied {
  readonly kind: 'function';
  readonly name: string;
  /** True for a function that is only a name, such as f(x). */
  readonly undefined: boolean;
  readonly args: readonly Expr[];
}

/** A sum or a product over a name; `value` where it was worked out. */
export interface Series {
  readonly kind: 'series';
  readonly name: 'Sum' | 'Product';
  readonly over: SymbolNode;
  readonly from: Expr;
  readonly to: Expr;
  readonly body: Expr;
  readonly value: Ratio | null;
}

/** An expression. */
export type Expr =
  | Ratio
  | Decimal
  | { readonly kind: 'constant'; readonly name: ConstantName }
  | SymbolNode
  | { readonly kind: 'add' | 'mul'; readonly args: readonly Expr[] }
  | { readonly kind: 'pow'; readonly base: Expr; readonly exp: Expr }
  | Applied
  | Series;

export type RelationOp = '<' | '<=' | '>' | '>=' | '==' | '!=';

export interface Relation {
  readonly kind: 'relation';
  readonly op: RelationOp;
  readonly left: MathValue;
  readonly right: MathValue;
}

export interface Interval {
  readonly kind: 'interval';
  readonly start: Expr;
  readonly end: Expr;
  readonly leftOpen: boolean;
  readonly rightOpen: boolean;
}

/** All that an answer may be. `args` of a set are in the order in which they were written. */
export type MathValue =
  | Expr
  | Relation
  | { readonly kind: 'and'; readonly args: readonly Relation[] }
  | { readonly kind: 'tuple'; readonly args: readonly MathValue[] }
  | { readonly kind: 'set'; readonly args: readonly MathValue[] }
  | { readonly kind: 'union'; readonly args: readonly MathValue[] }
  | Interval
  | {
      readonly kind: 'namedSet';
      readonly name: 'Naturals' | 'Integers' | 'Rationals' | 'Reals' | 'Complexes' | 'EmptySet';
    }
  | { readonly kind: 'matrix'; readonly rows: readonly (readonly Expr[])[] };

/** Thrown where the answer is read by rules that are not kept here: nothing can be said about it. */
export class NotOurs extends Error {}

/** Thrown where the reference's reader refuses a text, or its conversion breaks. */
export class NoReading extends Error {}

export function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** p/q; q is not 0. */
export function ratio(p: bigint, q = 1n): Ratio {
  const sign = q < 0n ? -1n : 1n;
  const divisor = gcd(p, q) * sign || 1n;
  return { kind: 'number', p: p / divisor, q: q / divisor };
}

export const ONE = ratio(1n);
export const MINUS_ONE = ratio(-1n);
export const HALF = ratio(1n, 2n);

export const constant = (name: ConstantName): Expr => ({ kind: 'constant', name });
export const add = (...args: Expr[]): Expr => ({ kind: 'add', args });
export const mul = (...args: Expr[]): Expr => ({ kind: 'mul', args });
export const pow = (base: Expr, exp: Expr): Expr => ({ kind: 'pow', base, exp });
export const applied = (name: string, ...args: Expr[]): Applied => ({
  kind: 'function',
  name,
  undefined: false,
  args,
});

const EXPRESSIONS = new Set([
  'number',
  'float',
  'constant',
  'symbol',
  'add',
  'mul',
  'pow',
  'function',
  'series',
]);

export const isExpr = (value: MathValue): value is Expr => EXPRESSIONS.has(value.kind);
export const isNumber = (value: MathValue): value is Ratio | Decimal =>
  value.kind === 'number' || value.kind === 'float';
export const isInteger = (value: MathValue): value is Ratio => value.kind === 'number' && value.q === 1n;
export const isSet = (value: MathValue): boolean =>
  ['set', 'union', 'interval', 'namedSet'].includes(value.kind);

/** Equal for trees that are alike in every part. */
export function sameTree(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return a === b;
  if (isSetNode(a) && isSetNode(b)) return sameElements(a.args, b.args);
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => sameTree(a[name as never], b[name as never]))
  );
}

export function negated(value: Ratio | Decimal): Ratio | Decimal {
  return value.kind === 'number' ? { ...value, p: -value.p } : { ...value, digits: -value.digits };
}

const isSetNode = (value: object): value is { readonly args: readonly MathValue[] } =>
  'kind' in value && value.kind === 'set';

/** Sets are alike in whatever order they were written. */
function sameElements(a: readonly MathValue[], b: readonly MathValue[]): boolean {
  const isWithin = (inner: readonly MathValue[], outer: readonly MathValue[]): boolean =>
    inner.every((one) => outer.some((other) => sameTree(one, other)));
  return isWithin(a, b) && isWithin(b, a);
}
