import { compareNumbers } from './approximate.js';
import { primesOf } from './canonical.js';
import { decimalText } from './numbers.js';
import { isExpr, isInteger, isNumber, MINUS_ONE, mul, negated, NotOurs, pow, ratio } from './tree.js';
import type { Expr, MathValue } from './tree.js';
import { compareKeys, orderedFactors, nodesOf, orderedRelations, orderedTerms, sortKey } from './order.js';
import { elementsInOrder } from './elements.js';

/*
 * The text of an answer as SymPy 1.14 prints it (`str`) when nothing of it has been worked out: part of the verdict.
 */

/** How tightly a form binds. */
const RANK = { and: 30, relation: 35, add: 40, mul: 50, pow: 60, func: 70, atom: 1000 } as const;

const OPERATORS: Readonly<Record<string, string>> = { '==': 'Eq', '!=': 'Ne' };

/** The text of an answer. Throws {@link NotOurs} where it is not certain. */
export const printed = (value: MathValue): string => print(value, true);

function print(value: MathValue, top = false): string {
  switch (value.kind) {
    case 'number':
      return value.q === 1n ? String(value.p) : `${value.p}/${value.q}`;
    case 'float':
      return decimalText(value, !top);
    case 'constant':
    case 'symbol':
    case 'namedSet':
      return value.name;
    case 'add':
      return printAdd(value.args);
    case 'mul':
      return printMul(value.args);
    case 'pow':
      return printPow(value.base, value.exp);
    case 'function':
      return `${value.name}(${list(value.args)})`;
    case 'series':
      return `${value.name}(${print(value.body)}, (${print(value.over)}, ${print(value.from)}, ${print(value.to)}))`;
    case 'relation':
      return printRelation(value);
    case 'and':
      return orderedRelations(value.args)
        .map((one) => (one.op === '==' || one.op === '!=' ? print(one) : `(${print(one)})`))
        .join(' & ');
    case 'tuple':
      return `(${list(value.args)}${value.args.length === 1 ? ',' : ''})`;
    case 'set':
      return printSet(value);
    case 'union':
      return `Union(${list(fromLowest(value.args))})`;
    case 'interval':
      return `Interval${printOpenness(value)}(${printed(value.start)}, ${printed(value.end)})`;
    case 'matrix':
      if (!top) throw new NotOurs('the text of a matrix in something');
      return `Matrix([${value.rows.map((row) => `[${row.map(printed).join(', ')}]`).join(', ')}])`;
  }
}

const list = (values: readonly MathValue[]): string => values.map((one) => print(one)).join(', ');

function printSet(set: MathValue & { kind: 'set' }): string {
  const items = elementsInOrder(set.args).sort((a, b) => compareKeys(sortKey(a), sortKey(b)));
  return items.some(hasSet) ? `FiniteSet(${list(items)})` : `{${list(items)}}`;
}

/** The parts of a union by their lowest numbers. */
function fromLowest(args: readonly MathValue[]): MathValue[] {
  return [...args].sort((a, b) => {
    const order = compareNumbers(lowestOf(a), lowestOf(b));
    if (order === undefined) throw new NotOurs('the order of a union');
    return order || nodesOf(a) - nodesOf(b) || compareKeys(sortKey(a), sortKey(b));
  });
}

function lowestOf(value: MathValue): Expr {
  if (value.kind === 'interval') return value.start;
  if (value.kind !== 'set' && value.kind !== 'union') throw new NotOurs('the order of a union');
  const lowest = value.args.map((one) => (isExpr(one) ? one : lowestOf(one)));
  return lowest.reduce((low, one) => {
    const order = isInfinite(one) ? undefined : compareNumbers(one, low);
    if (order === undefined) throw new NotOurs('the order of a union');
    return order < 0 ? one : low;
  });
}

function hasSet(value: MathValue): boolean {
  if (value.kind === 'set') return true;
  if (value.kind === 'tuple' || value.kind === 'union') return value.args.some(hasSet);
  return value.kind === 'relation' && (hasSet(value.left) || hasSet(value.right));
}

function printOpenness({ start, end, leftOpen, rightOpen }: MathValue & { kind: 'interval' }): string {
  const [below, above] = [isInfinite(start), isInfinite(end)];
  if ((below && above) || (below && !rightOpen) || (above && !leftOpen)) return '';
  if (leftOpen && rightOpen) return '.open';
  return leftOpen ? '.Lopen' : rightOpen ? '.Ropen' : '';
}

const isInfinite = (value: Expr): boolean =>
  value.kind === 'constant' && (value.name === 'oo' || value.name === '-oo');

function printRelation({ op, left, right }: MathValue & { kind: 'relation' }): string {
  const name = OPERATORS[op];
  if (name !== undefined) return `${name}(${print(left)}, ${print(right)})`;
  return `${parenthesized(left, RANK.relation)} ${op} ${parenthesized(right, RANK.relation)}`;
}

function parenthesized(value: MathValue, rank: number): string {
  return rankOf(value) <= rank ? `(${print(value)})` : print(value);
}

function rankOf(value: MathValue): number {
  switch (value.kind) {
    case 'number':
      if (value.p < 0n) return RANK.add;
      return value.q === 1n ? RANK.atom : RANK.mul;
    case 'float':
      return value.digits < 0n ? RANK.add : RANK.atom;
    case 'constant':
      return value.name === '-oo' ? RANK.add : RANK.atom;
    case 'add':
      return RANK.add;
    case 'mul':
      return startsWithMinus(value) ? RANK.add : RANK.mul;
    case 'pow':
      return RANK.pow;
    case 'function':
      return RANK.func;
    case 'relation':
      return value.op === '==' || value.op === '!=' ? RANK.mul : RANK.relation;
    default:
      return RANK.atom;
  }
}

/** A negative number, or a product that begins with one. */
export function startsWithMinus(value: MathValue): boolean {
  if (value.kind === 'mul') return isNumber(value.args[0]!) && startsWithMinus(value.args[0]);
  if (value.kind === 'number') return value.p < 0n;
  if (value.kind === 'float') return value.digits < 0n;
  return value.kind === 'constant' && value.name === '-oo';
}

function printAdd(args: readonly Expr[]): string {
  const parts = orderedTerms(args).map((term) => {
    const text = print(term);
    const isMinus = text.startsWith('-') && term.kind !== 'add';
    const bare = isMinus ? text.slice(1) : text;
    return {
      sign: isMinus ? '-' : '+',
      text: rankOf(term) < RANK.add || term.kind === 'add' ? `(${bare})` : bare,
    };
  });
  const [first, ...rest] = parts;
  const start = first!.sign === '+' ? '' : '-';
  return start + [first!.text, ...rest.flatMap(({ sign, text }) => [sign, text])].join(' ');
}

const isOne = (value: Expr): boolean => isInteger(value) && value.p === 1n;

/** Whether a product shows that nothing was worked out in it: then all stands as it is. */
function isRawProduct([first, ...rest]: readonly Expr[]): boolean {
  const isPlain = (one: Expr): boolean =>
    isNumber(one) ||
    (one.kind === 'constant' &&
      one.name !== 'pi' &&
      one.name !== 'E' &&
      one.name !== 'I' &&
      one.name !== 'zoo') ||
    (one.kind === 'pow' && isInteger(one.base) && isInteger(one.exp));
  return isOne(first!) || rest.some(isPlain);
}

/** A power with a negative exponent: in SymPy's words, the coefficient of the exponent is below 0. */
function isDivisor(value: Expr): value is Expr & { kind: 'pow' } {
  return value.kind === 'pow' && startsWithMinus(value.exp);
}

function printMul(args: readonly Expr[]): string {
  return isRawProduct(args) ? printRawMul(args) : printPlainMul(args);
}

function opposite(exponent: Expr): Expr {
  if (isNumber(exponent)) return negated(exponent);
  if (exponent.kind !== 'mul') throw new NotOurs('an exponent');
  const [first, ...rest] = exponent.args;
  return mul(negated(first as never), ...rest);
}

/** As {@link opposite}, and a -1 is dropped rather than made 1. */
function withoutMinus(exponent: Expr): Expr {
  if (exponent.kind !== 'mul' || !isInteger(exponent.args[0]!) || exponent.args[0].p !== -1n)
    return opposite(exponent);
  const [, ...rest] = exponent.args;
  return rest.length === 1 ? rest[0]! : mul(...rest);
}

function printRawMul(args: readonly Expr[]): string {
  const rank = rankOf({ kind: 'mul', args });
  const above = args.filter((one) => !isDivisor(one));
  const below = args.filter(isDivisor).map(({ base, exp }): Expr => {
    const power = opposite(exp);
    return isOne(power) ? base : pow(base, power);
  });
  const print1 = (values: Expr[], isFirstBare: boolean): string[] => {
    const first = isFirstBare ? [print(values[0]!)] : [];
    return [...first, ...values.slice(first.length).map((one) => parenthesized(one, rank))];
  };
  const tops = print1(above, above.length > 0 && above[0]!.kind !== 'add' && startsWithMinus(above[0]!));
  if (tops.length === 0) tops.push('1');
  const bottoms = print1(below, below.length > 1 && startsWithMinus(below[0]!));
  const bottom = bottoms.join('*');
  if (bottoms.length === 0) return tops.join('*');
  return `${tops.join('*')}/${bottoms.length > 1 ? `(${bottom})` : bottom}`;
}

function printPlainMul(args: readonly Expr[]): string {
  const rank = rankOf({ kind: 'mul', args });
  const [first, ...rest] = args;
  if (!isNumber(first!) || !startsWithMinus(first)) return printFactors(orderedFactors(args), rank);
  const whole = scaled(negated(first), rest.length === 1 ? rest[0]! : mul(...rest));
  return `-${printFactors(whole.kind === 'mul' ? orderedFactors(whole.args) : [whole], rank)}`;
}

/** A product with a number before it, as SymPy keeps it. */
function scaled(coefficient: Expr, rest: Expr): Expr {
  if (isOne(coefficient)) return rest;
  if (rest.kind === 'mul') {
    if (isNumber(rest.args[0]!)) throw new NotOurs('a product of two numbers');
    return mul(coefficient, ...rest.args);
  }
  // This one is worked out; it stays as it is where there is nothing to work out.
  const isSettled = rest.kind === 'pow' ? isSettledPower(rest) : rest.kind !== 'function' || rest.undefined;
  if (!isSettled) throw new NotOurs('the text of a product');
  return mul(coefficient, rest);
}

/** A power of a name, or a root of a number without a square in it. */
function isSettledPower({ base, exp }: Expr & { kind: 'pow' }): boolean {
  if (base.kind === 'symbol') return exp.kind === 'number' || exp.kind === 'symbol';
  if (!isInteger(base) || base.p < 2n || exp.kind !== 'number' || exp.p !== 1n || exp.q !== 2n) return false;
  return [...primesOf(base.p).values()].every((count) => count === 1);
}

function printFactors(args: readonly Expr[], rank: number): string {
  const tops: string[] = [];
  const bottoms: string[] = [];
  for (const one of args) {
    if (isDivisor(one)) {
      const isInverse = isInteger(one.exp) && one.exp.p === -1n;
      if (!isInverse) {
        bottoms.push(parenthesized(pow(one.base, withoutMinus(one.exp)), rank));
        continue;
      }
      const text = parenthesized(one.base, rank);
      const isDoubled = one.base.kind === 'mul' || one.base.kind === 'pow';
      bottoms.push(isDoubled ? `(${text})` : text);
    } else if (one.kind === 'number') {
      if (one.p !== 1n) tops.push(parenthesized(ratio(one.p), rank));
      if (one.q !== 1n) bottoms.push(parenthesized(ratio(one.q), rank));
    } else tops.push(parenthesized(one, rank));
  }
  const top = tops.length === 0 ? '1' : tops.join('*');
  if (bottoms.length === 0) return top;
  return `${top}/${bottoms.length === 1 ? bottoms[0]! : `(${bottoms.join('*')})`}`;
}

function printPow(base: Expr, exp: Expr): string {
  if (exp.kind === 'number' && exp.q === 2n) {
    if (exp.p === 1n) return `sqrt(${print(base)})`;
    if (exp.p === -1n) return `1/sqrt(${print(base)})`;
  }
  if (isInteger(exp) && exp.p === MINUS_ONE.p) return `1/${parenthesized(base, RANK.pow)}`;
  return `${parenthesized(base, RANK.pow)}**${parenthesized(exp, RANK.pow)}`;
}
