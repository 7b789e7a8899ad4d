import { answersEqual } from './equal.js';
import { add, isExpr, MINUS_ONE, mul, NotOurs } from './tree.js';
import type { Expr, MathValue, Relation, RelationOp } from './tree.js';

/** What a relation is with its sides exchanged. */
const INVERSE: Readonly<Partial<Record<RelationOp, RelationOp>>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=', '==': '==' };

const difference = (left: Expr, right: Expr): Expr => add(left, mul(MINUS_ONE, right));

/** Whether two relations say the same. Throws {@link NotOurs} where only their solutions could tell. */
export function relationsEqual(gold: MathValue, pred: MathValue): boolean {
  if (gold.kind === 'and' && pred.kind === 'and') {
    return (
      gold.args.length === pred.args.length &&
      gold.args.every((one, index) => relationsEqual(one, pred.args[index]!))
    );
  }
  if (gold.kind !== 'relation' || pred.kind !== 'relation') return false;
  if (gold.op === pred.op && sidesEqual(gold, pred.left, pred.right)) return true;
  if (INVERSE[gold.op] === pred.op && sidesEqual(gold, pred.right, pred.left)) return true;
  throw new NotOurs('relations of which the solutions may be equal');
}

/** Whether the differences of the sides are equal. */
function sidesEqual({ left, right }: Relation, otherLeft: MathValue, otherRight: MathValue): boolean {
  if (!isExpr(left) || !isExpr(right) || !isExpr(otherLeft) || !isExpr(otherRight)) return false;
  return answersEqual(difference(left, right), difference(otherLeft, otherRight));
}
