import { expressionsEqual } from './equal-expressions.js';
import { setsEqual } from './equal-sets.js';
import { printed } from './print.js';
import { relationsEqual } from './equal-relations.js';
import { isAssignment, isEquation, isRelation, lastOf } from './relations.js';
import { asSet } from './solution-set.js';
import { isExpr, isSet, sameTree } from './tree.js';
import type { Expr, MathValue } from './tree.js';

/*
 * When math-verify 0.8.0 takes two answers for equal (`verify`). It is not symmetric: how the right answer is written
 * says what is compared.
 */

/** Of a chain of equations that begins with a name, the name and the last part. */
function shortened(value: MathValue): MathValue {
  if (!isAssignment(value) || value.kind !== 'and') return value;
  return { kind: 'relation', op: '==', left: value.args[0]!.left, right: lastOf(value).right };
}

/** Whether an answer is the right one. Throws NotOurs where that is not certain. */
export function answersEqual(given: MathValue, found: MathValue): boolean {
  let gold = shortened(given);
  let pred = shortened(found);
  if (isEquation(pred) && !isEquation(gold)) pred = lastOf(pred).right;
  else if (isAssignment(gold) && !isEquation(pred)) gold = lastOf(gold).right;
  if (isRelation(gold) && isSet(pred)) gold = asSet(gold);
  if (gold.kind === 'constant' && (gold.name === 'nan' || gold.name === 'zoo')) return false;
  if (sameTree(gold, pred)) return true;
  if (isRelation(gold) && isRelation(pred)) return relationsEqual(gold, pred, answersEqual);
  if (isSet(gold) || isSet(pred) || gold.kind === 'tuple' || pred.kind === 'tuple')
    return setsEqual(gold, pred, answersEqual);
  if (gold.kind === 'symbol' || pred.kind === 'symbol') return symbolsEqual(gold, pred);
  if (gold.kind === 'matrix' || pred.kind === 'matrix') return matricesEqual(gold, pred);
  if (!isExpr(gold) || !isExpr(pred)) return false;
  return expressionsEqual(gold, pred);
}

const isE = (value: MathValue): boolean => value.kind === 'constant' && value.name === 'E';

/** The name that a product of letters spells; undefined for any other value. */
function spelled(value: MathValue): string | undefined {
  if (value.kind !== 'mul' || !value.args.every((one) => one.kind === 'symbol' || isE(one))) return undefined;
  return value.args.map((one) => (one.kind === 'symbol' ? one.name : 'e')).join('');
}

/** A name and another value: the same name, or a product of its letters. */
function symbolsEqual(gold: MathValue, pred: MathValue): boolean {
  for (const [one, other] of [
    [gold, pred],
    [pred, gold],
  ] as const) {
    if (one.kind !== 'symbol') continue;
    if (one.name.toLowerCase() === 'e' && isE(other)) return true;
  }
  for (const [one, other] of [
    [gold, pred],
    [pred, gold],
  ] as const) {
    const word = spelled(other);
    if (one.kind === 'symbol' && word !== undefined) return one.name.toLowerCase() === word.toLowerCase();
  }
  if (gold.kind === 'symbol' && pred.kind === 'symbol') return gold.name === pred.name;
  return printed(gold) === printed(pred);
}

function matricesEqual(gold: MathValue, pred: MathValue): boolean {
  if (gold.kind !== 'matrix' || pred.kind !== 'matrix') return false;
  const width = (rows: readonly (readonly Expr[])[]): number => rows[0]!.length;
  if (gold.rows.length !== pred.rows.length || width(gold.rows) !== width(pred.rows)) return false;
  return gold.rows.every((row, at) =>
    row.every((cell, column) => expressionsEqual(cell, pred.rows[at]![column]!)),
  );
}
