import { rationalOf } from './fixed-point.js';
import { constant, isExpr, mul, add, NotOurs, MINUS_ONE, ratio } from './tree.js';
import type { Expr, MathValue, Ratio, Relation } from './tree.js';

/** a x + b with rational numbers; undefined for anything else. */
interface Linear {
  readonly name: string;
  readonly a: Ratio;
  readonly b: Ratio;
}

const times = (a: Ratio, b: Ratio): Ratio => ratio(a.p * b.p, a.q * b.q);
const plus = (a: Ratio, b: Ratio): Ratio => ratio(a.p * b.q + b.p * a.q, a.q * b.q);
const ZERO = ratio(0n);

export function linearOf(value: Expr): Linear | undefined {
  const number = rationalOf(value);
  if (number !== undefined) return { name: '', a: ZERO, b: number };
  if (value.kind === 'symbol') return { name: value.name, a: ratio(1n), b: ZERO };
  if (value.kind !== 'add' && value.kind !== 'mul') return undefined;
  const parts = value.args.map(linearOf);
  let total: Linear = { name: '', a: ZERO, b: value.kind === 'add' ? ZERO : ratio(1n) };
  for (const part of parts) {
    if (part === undefined || (part.name !== '' && total.name !== '' && part.name !== total.name))
      return undefined;
    const name = part.name || total.name;
    if (value.kind === 'add') total = { name, a: plus(total.a, part.a), b: plus(total.b, part.b) };
    else if (total.a.p !== 0n && part.a.p !== 0n) return undefined;
    else total = { name, a: plus(times(total.a, part.b), times(total.b, part.a)), b: times(total.b, part.b) };
  }
  return total;
}

/** The numbers for which a linear inequality, or several, hold. Throws {@link NotOurs} for any other relation. */
export function asSet(relation: MathValue & { kind: 'relation' | 'and' }): MathValue {
  const parts = relation.kind === 'and' ? relation.args : [relation];
  let low: Bound | undefined;
  let high: Bound | undefined;
  const names = new Set<string>();
  for (const part of parts) {
    const bound = boundOf(part);
    names.add(bound.name);
    if (bound.isLow) low = low === undefined || isTighter(bound, low, 1n) ? bound : low;
    else high = high === undefined || isTighter(bound, high, -1n) ? bound : high;
  }
  if (names.size > 1) throw new NotOurs('inequalities in several unknowns');
  if (low !== undefined && high !== undefined) {
    const order = low.at.p * high.at.q - high.at.p * low.at.q;
    if (order === 0n && !low.isOpen && !high.isOpen) return { kind: 'set', args: [low.at] };
    if (order >= 0n) return { kind: 'namedSet', name: 'EmptySet' };
  }
  return {
    kind: 'interval',
    start: low?.at ?? constant('-oo'),
    end: high?.at ?? constant('oo'),
    leftOpen: low?.isOpen ?? true,
    rightOpen: high?.isOpen ?? true,
  };
}

interface Bound {
  readonly name: string;
  readonly at: Ratio;
  readonly isLow: boolean;
  readonly isOpen: boolean;
}

function isTighter(a: Bound, b: Bound, sign: bigint): boolean {
  const difference = (a.at.p * b.at.q - b.at.p * a.at.q) * sign;
  return difference > 0n || (difference === 0n && a.isOpen);
}

function boundOf({ op, left, right }: Relation): Bound {
  if (op === '==' || op === '!=' || !isExpr(left) || !isExpr(right)) throw new NotOurs('a relation as a set');
  const linear = linearOf(add(left, mul(MINUS_ONE, right)));
  if (linear === undefined || linear.a.p === 0n) throw new NotOurs('an inequality that is not linear');
  const at = ratio(-linear.b.p * linear.a.q, linear.b.q * linear.a.p);
  const isGreater = op.startsWith('>');
  return { name: linear.name, at, isLow: isGreater === linear.a.p > 0n, isOpen: !op.endsWith('=') };
}
