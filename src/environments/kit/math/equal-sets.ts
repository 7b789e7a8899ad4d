import { compareNumbers } from './approximate.js';
import { elementsInOrder } from './elements.js';
import { isAssignment, lastOf } from './relations.js';
import type { Equal } from './relations.js';
import { compareKeys, sortKey } from './order.js';
import { constant, isExpr, NotOurs, sameTree } from './tree.js';
import type { Interval, MathValue } from './tree.js';

type Listed = MathValue & { kind: 'set' | 'tuple' };

const isListed = (value: MathValue): value is Listed => value.kind === 'set' || value.kind === 'tuple';
const isCollection = (value: MathValue): boolean =>
  isListed(value) || value.kind === 'interval' || value.kind === 'union' || value.kind === 'namedSet';

/** Whether two answers are equal of which at least one is a set, an interval or a tuple. */
export function setsEqual(gold: MathValue, pred: MathValue, equal: Equal): boolean {
  const a = isCollection(gold) ? gold : ({ kind: 'set', args: [gold] } as const);
  const b = isCollection(pred) ? pred : ({ kind: 'set', args: [pred] } as const);
  if (a.kind === 'interval' && b.kind === 'interval') return intervalsEqual(a, b, equal);
  if (sameTree(a, b)) return true;
  if (isListed(a) && isListed(b)) return listsEqual(a, b, isCollection(pred), equal);
  if (a.kind === 'interval' && isListed(b))
    return isPair(a, b) && listsEqual(pairOf(a), b, isCollection(pred), equal);
  if (b.kind === 'interval' && isListed(a)) return isPair(b, a) && listsEqual(a, pairOf(b), false, equal);
  if (a.kind === 'tuple' || b.kind === 'tuple') return false;
  return unionsEqual(a, b);
}

const sizeOf = (value: Listed): number =>
  value.kind === 'set' ? elementsInOrder(value.args).length : value.args.length;

/** (1, 2) may be an interval or a pair. */
const isPair = ({ leftOpen, rightOpen }: Interval, other: Listed): boolean =>
  leftOpen && rightOpen && sizeOf(other) === 2;
const pairOf = ({ start, end }: Interval): Listed => ({ kind: 'tuple', args: [start, end] });

function intervalsEqual(a: Interval, b: Interval, equal: Equal): boolean {
  return (
    a.leftOpen === b.leftOpen && a.rightOpen === b.rightOpen && equal(a.start, b.start) && equal(a.end, b.end)
  );
}

/** Element by element; those of a set in SymPy's order. */
function listsEqual(gold: Listed, pred: Listed, isWritten: boolean, equal: Equal): boolean {
  if (sizeOf(gold) !== sizeOf(pred)) {
    if (gold.kind === 'set' && pred.kind === 'set') return differentSizes(gold, pred, equal);
    return false;
  }
  if (gold.kind === 'set') return sortedEqual(elementsInOrder(gold.args), elementsOf(pred), equal);
  if (pred.kind === 'set' && isWritten) {
    return (
      gold.args.length === pred.args.length && gold.args.every((one, index) => equal(one, pred.args[index]!))
    );
  }
  const others = pred.kind === 'set' ? sorted(elementsInOrder(pred.args)) : pred.args;
  return gold.args.every((one, index) => equal(one, others[index]!));
}

const elementsOf = (value: Listed): MathValue[] =>
  value.kind === 'set' ? elementsInOrder(value.args) : [...value.args];

/** Sets of several sizes are equal only where some elements are, in other words. */
function differentSizes(gold: Listed, pred: Listed, equal: Equal): boolean {
  const [small, large] = [elementsInOrder(gold.args), elementsInOrder(pred.args)].sort(
    (a, b) => a.length - b.length,
  );
  const repeated = large!.some((one, index) =>
    large!.slice(0, index).some((other) => mayBeEqual(one, other, equal)),
  );
  if (repeated && small!.length > 0) throw new NotOurs('a set with an element in two ways');
  return false;
}

function mayBeEqual(a: MathValue, b: MathValue, equal: Equal): boolean {
  try {
    return equal(a, b);
  } catch (error) {
    if (error instanceof NotOurs) return true;
    throw error;
  }
}

function sortedEqual(gold: MathValue[], pred: MathValue[], equal: Equal): boolean {
  const [left, right] = [sorted(gold), sorted(pred)];
  const isAlike = left.every((one, index) => sameTree(one, right[index]!));
  if (isAlike) return true;
  if (![...left, ...right].every(isPlaceable)) {
    // The order may be another one there; but an element that equals none of the others decides.
    if (left.some((one) => right.every((other) => !mayBeEqual(one, other, equal)))) return false;
    throw new NotOurs('the order of a set');
  }
  return left.every((one, index) => equal(one, right[index]!));
}

/** What an element is sorted by: the right side of `x = …`. */
const valueOf = (element: MathValue): MathValue => (isAssignment(element) ? lastOf(element).right : element);

const isReal = (value: MathValue): boolean => isExpr(value) && compareNumbers(value, value) !== undefined;

function isPlaceable(element: MathValue): boolean {
  const value = valueOf(element);
  return isReal(value) || (value.kind === 'interval' && isReal(value.start) && isReal(value.end));
}

function sorted(elements: readonly MathValue[]): MathValue[] {
  return [...elements].sort((a, b) => compareElements(valueOf(a), valueOf(b)));
}

function compareElements(a: MathValue, b: MathValue): number {
  if (isExpr(a) && isExpr(b) && isReal(a) && isReal(b)) return compareNumbers(a, b)!;
  if (a.kind === 'interval' && b.kind === 'interval') {
    return (
      compareElements(a.start, b.start) ||
      compareElements(a.end, b.end) ||
      compareKeys(sortKey(a), sortKey(b))
    );
  }
  return compareKeys(sortKey(a), sortKey(b));
}

interface Piece {
  readonly low: MathValue;
  readonly high: MathValue;
  readonly leftOpen: boolean;
  readonly rightOpen: boolean;
}

/** Unions of intervals and numbers: equal when they hold the same numbers. */
function unionsEqual(a: MathValue, b: MathValue): boolean {
  if ((a.kind === 'namedSet') !== (b.kind === 'namedSet')) {
    const [named, other] = a.kind === 'namedSet' ? [a, b] : [b as MathValue & { kind: 'namedSet' }, a];
    if (named.name === 'Reals' && other.kind === 'interval') return isWholeLine(other);
    if (other.kind === 'set' && named.name !== 'EmptySet') return false;
    if (named.name === 'EmptySet') return false;
    if (named.name === 'Integers' || named.name === 'Naturals' || named.name === 'Rationals') {
      if (other.kind === 'interval') return false;
    }
    throw new NotOurs('a set and an infinite one');
  }
  if (a.kind === 'namedSet' && b.kind === 'namedSet') return a.name === b.name;
  // Relations among the elements are no numbers.
  if ([a, b].some((one) => one.kind === 'set' && !one.args.every(isExpr))) return false;
  const [left, right] = [piecesOf(a), piecesOf(b)];
  return (
    left.length === right.length &&
    left.every((one, index) => {
      const other = right[index]!;
      return (
        one.leftOpen === other.leftOpen &&
        one.rightOpen === other.rightOpen &&
        samePlace(one.low, other.low) === 0 &&
        samePlace(one.high, other.high) === 0
      );
    })
  );
}

const isWholeLine = ({ start, end }: Interval): boolean =>
  sameTree(start, constant('-oo')) && sameTree(end, constant('oo'));

function samePlace(a: MathValue, b: MathValue): number {
  const order = isExpr(a) && isExpr(b) ? compareNumbers(a, b) : undefined;
  if (order === undefined) throw new NotOurs('the ends of an interval');
  return order;
}

/** The pieces of the number line that a set is, from left to right, none touching another. */
function piecesOf(value: MathValue): Piece[] {
  const all = flatPieces(value).sort(
    (a, b) => samePlace(a.low, b.low) || Number(a.leftOpen) - Number(b.leftOpen),
  );
  const joined: Piece[] = [];
  for (const piece of all) {
    const last = joined.at(-1);
    const order = last === undefined ? 1 : samePlace(piece.low, last.high);
    if (last === undefined || order > 0 || (order === 0 && last.rightOpen && piece.leftOpen))
      joined.push(piece);
    else {
      const ends = samePlace(piece.high, last.high);
      const rightOpen =
        ends === 0 ? last.rightOpen && piece.rightOpen : ends > 0 ? piece.rightOpen : last.rightOpen;
      joined[joined.length - 1] = { ...last, high: ends > 0 ? piece.high : last.high, rightOpen };
    }
  }
  return joined;
}

function flatPieces(value: MathValue): Piece[] {
  switch (value.kind) {
    case 'union':
      return value.args.flatMap(flatPieces);
    case 'set':
      return value.args.map((one) => ({ low: one, high: one, leftOpen: false, rightOpen: false }));
    case 'interval':
      return [{ low: value.start, high: value.end, leftOpen: value.leftOpen, rightOpen: value.rightOpen }];
    default:
      throw new NotOurs('a set among intervals');
  }
}
