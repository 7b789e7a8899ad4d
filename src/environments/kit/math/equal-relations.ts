import { approximateComplex } from './approximate.js';
import type { Point } from './approximate.js';
import { canonical } from './canonical.js';
import type { Polynomial } from './canonical.js';
import type { Equal } from './relations.js';
import { add, isExpr, MINUS_ONE, mul, NotOurs } from './tree.js';
import type { Expr, MathValue, Relation, RelationOp } from './tree.js';
import { somePart, unknowns } from './unknowns.js';

/** What a relation is with its sides exchanged. */
const INVERSE: Readonly<Partial<Record<RelationOp, RelationOp>>> = {
  '<': '>', '>': '<', '<=': '>=', '>=': '<=', '==': '==',
}; // prettier-ignore

const difference = (left: Expr, right: Expr): Expr => add(left, mul(MINUS_ONE, right));

/** Whether two relations say the same. Throws {@link NotOurs} where only their solutions could tell. */
export function relationsEqual(gold: MathValue, pred: MathValue, equal: Equal): boolean {
  if (gold.kind === 'and' && pred.kind === 'and') {
    return (
      gold.args.length === pred.args.length &&
      gold.args.every((one, index) => relationsEqual(one, pred.args[index]!, equal))
    );
  }
  if (gold.kind !== 'relation' || pred.kind !== 'relation') return false;
  if (gold.op === pred.op && sidesEqual(gold, pred.left, pred.right, equal)) return true;
  if (INVERSE[gold.op] === pred.op && sidesEqual(gold, pred.right, pred.left, equal)) return true;
  if (gold.op === '!=') return false;
  return solutionsEqual(gold, pred);
}

/** Whether the differences of the sides are equal. */
function sidesEqual(
  { left, right }: Relation,
  otherLeft: MathValue,
  otherRight: MathValue,
  equal: Equal,
): boolean {
  if (!isExpr(left) || !isExpr(right) || !isExpr(otherLeft) || !isExpr(otherRight)) return false;
  return equal(difference(left, right), difference(otherLeft, otherRight));
}

/**
 * The library compares solutions too, but those of inequalities and of equations in one unknown never come out equal,
 * unless there are none.
 */
function solutionsEqual(gold: Relation, pred: Relation): boolean {
  const [a, b] = [zeroOf(gold), zeroOf(pred)];
  if (a === undefined || b === undefined) return false;
  const [ours, theirs] = [unknowns(a), unknowns(b)];
  if (ours.size === 0 || theirs.size === 0) throw new NotOurs('a relation without an unknown');
  if (gold.op !== '==' || pred.op !== '==') return false;
  // Functions that are only names are not solved.
  if ([a, b].some((one) => somePart(one, (part) => part.kind === 'function' && part.undefined))) return false;
  if (ours.size === 1 && theirs.size === 1) {
    if (hasSolution(a) || hasSolution(b)) return false;
    throw new NotOurs('equations that may have no solution');
  }
  if (failsSomewhere(gold, b) || failsSomewhere(pred, a)) return false;
  throw new NotOurs('relations of which the solutions may be equal');
}

const zeroOf = ({ left, right }: Relation): Expr | undefined =>
  isExpr(left) && isExpr(right) ? difference(left, right) : undefined;

/** True for a polynomial in one unknown that is below 0 somewhere and above 0 elsewhere. */
function hasSolution(value: Expr): boolean {
  const { top, bottom } = canonical(value);
  const [name, ...others] = new Set([...generatorsOf(top), ...generatorsOf(bottom)]);
  if (
    name === undefined ||
    others.length > 0 ||
    generatorsOf(bottom).length > 0 ||
    !unknowns(value).has(name)
  )
    return false;
  const values = [-1e6, -1000, -31, -7, -2.5, -1.1, -0.3, 0.2, 0.9, 1.7, 3.3, 9, 40, 1000, 1e6].map(
    (x) => approximateComplex(value, new Map([[name, x]]))?.re ?? 0,
  );
  return values.some((y) => y > 1e-3) && values.some((y) => y < -1e-3);
}

const generatorsOf = ({ terms }: Polynomial): string[] =>
  [...terms.values()].flatMap(({ monomial }) => [...monomial.keys()]);

/** Whether another equation does not hold where `name = …` does. */
function failsSomewhere({ left, right }: Relation, other: Expr): boolean {
  if (left.kind !== 'symbol' || !isExpr(right)) return false;
  const name = left.real ? left.name : `${left.name}!`;
  if (unknowns(right).has(name)) return false;
  const names = [...new Set([...unknowns(right), ...unknowns(other)])];
  return [0.37, 1.91, -0.73].some((start) => {
    const point: Point = new Map(names.map((one, index) => [one, start + index * 0.41]));
    const value = approximateComplex(right, point);
    if (value?.im !== 0) return false;
    const rest = approximateComplex(other, new Map([...point, [name, value.re]]));
    return rest !== undefined && Math.hypot(rest.re, rest.im) > 1e-6;
  });
}
