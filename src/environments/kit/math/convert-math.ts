import { convertAtomExpr, expression, expressionOrMatrix, minus } from './convert.js';
import type { Reading } from './convert.js';
import { isOnlySymbols } from './relations.js';
import { approximateComplex, compareNumbers } from './approximate.js';
import { canonical } from './canonical.js';
import { convertNumber } from './numbers.js';
import { child, children, isToken, tokensOf } from './parse.js';
import type { ParseNode } from './parse.js';
import { add, isExpr, mul, MINUS_ONE, NoReading, NotOurs, ratio, sameTree } from './tree.js';
import type { Expr, MathValue, Relation, RelationOp } from './tree.js';

/** A number with commas between thousands, and nothing else. */
const GROUPED = /^\s*-?\d{1,3}(?:,\d{3})+(?:\.\d+)?\s*$/;

/** The value of a whole reading of `latex`. */
export function convertMath(math: ParseNode, latex: string, reading: Reading): MathValue {
  const part = math.parts[0] as ParseNode;
  switch (part.rule) {
    case 'setElementsRelation':
      return equation(part, elementsOf(child(part, 'semicolonElementsNoRelation')!, reading), reading);
    case 'setElements':
      return GROUPED.test(latex)
        ? groupedNumber(latex)
        : setOrTuple(elementsOf(child(part, 'semicolonElements')!, reading));
    default:
      return setRelation(part, reading);
  }
}

function groupedNumber(latex: string): MathValue {
  // 0,111 is a decimal number.
  const text = latex.startsWith('0') ? latex.replaceAll(',', '.') : latex;
  const number = text.replaceAll(/[, ]/g, '').replace(/^0+/, '');
  return convertNumber(number === '' ? '0' : number);
}

function equation(node: ParseNode, elements: MathValue[][], reading: Reading): MathValue {
  return {
    kind: 'relation',
    op: '==',
    left: atoms(child(node, 'atomExprList')!, reading),
    right: setOrTuple(elements),
  };
}

function atoms(node: ParseNode, reading: Reading): MathValue {
  const found = children(node, 'atomExpr').map((one) => convertAtomExpr(one, reading));
  return found.length === 1 ? found[0]! : { kind: 'tuple', args: found };
}

/** The elements between semicolons, and of each those between commas. */
function elementsOf(node: ParseNode, reading: Reading): MathValue[][] {
  return node.parts
    .filter((part): part is ParseNode => !isToken(part))
    .map((group) =>
      group.parts
        .filter((part): part is ParseNode => !isToken(part))
        .flatMap((element) => convertElement(element, reading)),
    );
}

const setOf = (args: MathValue[]): MathValue =>
  args.length === 0 ? { kind: 'namedSet', name: 'EmptySet' } : { kind: 'set', args };

/** One element is itself, several are a set; with semicolons between lists a set of tuples. */
function setOrTuple(elements: MathValue[][]): MathValue {
  const [first = []] = elements;
  if (elements.length === 1) return first.length === 1 ? first[0]! : setOf(first);
  if (elements.every((one) => one.length === 1)) return setOf(elements.map(([one]) => one!));
  return setOf(elements.map((args) => ({ kind: 'tuple', args })));
}

function convertElement(node: ParseNode, reading: Reading): MathValue[] {
  const part = node.parts[0] as ParseNode;
  if (part.rule === 'plusMinusExpr') return plusMinus(part, reading);
  if (part.rule === 'setAtom') return [setAtom(part, reading)];
  return [part.rule === 'relation' ? relation(part, reading) : expressionOrMatrix(part, reading)];
}

function plusMinus(node: ParseNode, reading: Reading): MathValue[] {
  const [left, right] = children(node, 'expr').map((one) => expression(one, reading));
  const opposite = (value: Expr): Expr =>
    value.kind === 'number' ? ratio(-value.p, value.q) : mul(MINUS_ONE, value);
  return right === undefined ? [opposite(left!), left!] : [add(left!, right), add(left!, opposite(right))];
}

const OPS: Readonly<Record<string, RelationOp>> = {
  LT: '<', LTE: '<=', GT: '>', GTE: '>=', EQUAL: '==', ASSIGNMENT: '==', UNEQUAL: '!=',
}; // prettier-ignore

function relation(node: ParseNode, reading: Reading): MathValue {
  const signs = tokensOf(node);
  const [first, ...rest] = children(node, 'expr').map((one) => expressionOrMatrix(one, reading));
  return rest.reduce<MathValue>((left, right, index) => {
    const { type } = signs[index]!;
    // What is about the same is left as it was, but for a name, which is what it is about.
    if (type === 'APPROX') return isExpr(left) && isOnlySymbols(left) ? right : left;
    if (type === 'IN') throw new NotOurs('a relation of an element');
    const op = OPS[type]!;
    if (left.kind === 'and' || left.kind === 'relation') {
      const before = left.kind === 'and' ? left.args : [left];
      const next: Relation = { kind: 'relation', op, left: before.at(-1)!.right, right };
      const args = [...before, next];
      // What SymPy makes of a chain that contradicts or repeats itself is its own.
      if (!args.every(hasName) || before.some((one) => mayMeet(one, next)))
        throw new NotOurs('a chain of relations');
      return { kind: 'and', args };
    }
    return { kind: 'relation', op, left, right };
  }, first!);
}

const hasName = ({ left, right }: Relation): boolean =>
  [left, right].some((side) => isExpr(side) && approximateComplex(side) === undefined && !isInfinite(side));

/** Whether two relations are about the same two sides. */
function mayMeet(a: Relation, b: Relation): boolean {
  return (
    (sameTree(a.left, b.left) && sameTree(a.right, b.right)) ||
    (sameTree(a.left, b.right) && sameTree(a.right, b.left))
  );
}

function setRelation(node: ParseNode, reading: Reading): MathValue {
  if (children(node, 'setRelationTail').length > 0) throw new NotOurs('subsets');
  const list = child(node, 'atomExprList');
  if (list === undefined) return setMinus(child(node, 'minusExpr')!, reading);
  const right = setRelation(child(node, 'setRelation')!, reading);
  if (tokensOf(node)[0]!.type === 'NOTIN') throw new NotOurs('a set without elements');
  return { kind: 'relation', op: '==', left: atoms(list, reading), right };
}

function setMinus(node: ParseNode, reading: Reading): MathValue {
  const parts = children(node, 'unionExpr');
  if (parts.length > 1) throw new NotOurs('a difference of sets');
  return union(parts[0]!, reading);
}

function union(node: ParseNode, reading: Reading): MathValue {
  const [first, ...rest] = children(node, 'intersectionExpr').map((one) => intersection(one, reading));
  return rest.reduce<MathValue>(
    (left, right) => ({ kind: 'union', args: [asSet(left), asSet(right)] }),
    first!,
  );
}

/** Tuples among sets are sets. */
const asSet = (value: MathValue): MathValue =>
  value.kind === 'tuple' ? { kind: 'set', args: value.args } : value;

function intersection(node: ParseNode, reading: Reading): MathValue {
  const parts = children(node, 'setGroup');
  if (parts.length > 1) throw new NotOurs('an intersection');
  const [group] = parts;
  const atom = child(group!, 'setAtom');
  return atom === undefined ? setMinus(child(group!, 'minusExpr')!, reading) : setAtom(atom, reading);
}

function setAtom(node: ParseNode, reading: Reading): MathValue {
  const part = node.parts[0] as ParseNode;
  switch (part.rule) {
    case 'interval':
      return interval(part, reading);
    case 'literalSet':
      return namedSet(part);
    case 'orderedTuple': {
      const elements = elementsOf(child(part, 'semicolonElements')!, reading);
      if (elements.length === 1 && elements[0]!.length === 1) return elements[0]![0]!;
      return { kind: 'tuple', args: elements.flat() };
    }
    default: {
      const elements = elementsOf(child(part, 'semicolonElements')!, reading);
      return tokensOf(part)[0]!.type === 'BOXED_CMD' ? setOrTuple(elements) : setOf(elements.flat());
    }
  }
}

const SETS = {
  SET_NATURALS: 'Naturals',
  SET_INTEGERS: 'Integers',
  SET_RATIONALS: 'Rationals',
  SET_REALS: 'Reals',
  SET_COMPLEX: 'Complexes',
  SET_EMPTY: 'EmptySet',
  L_BRACE: 'EmptySet',
} as const;

function namedSet(node: ParseNode): MathValue {
  const name = SETS[tokensOf(node)[0]!.type as keyof typeof SETS] as (typeof SETS)['SET_REALS'] | undefined;
  if (name === undefined) throw new NoReading('a set that has no name');
  return { kind: 'namedSet', name };
}

const OPEN = new Set(['L_PAREN', 'L_GROUP', 'L_PAREN_VISUAL', 'R_PAREN', 'R_GROUP', 'R_PAREN_VISUAL']);

function interval(node: ParseNode, reading: Reading): MathValue {
  const signs = tokensOf(node);
  const [leftOpen, rightOpen] = [OPEN.has(signs[0]!.type), OPEN.has(signs.at(-1)!.type)];
  const [start, end] = children(node, 'expr').map((one) => expression(one, reading));
  return makeInterval(start!, end!, leftOpen, rightOpen);
}

const isInfinite = (value: Expr): boolean =>
  value.kind === 'constant' && (value.name === 'oo' || value.name === '-oo');

/** Whether nothing can be said of which of two ends is the greater one: names with numbers before them. */
function isOpenEnded(start: Expr, end: Expr): boolean {
  if (!isLinear(start) || !isLinear(end)) return false;
  if (isInfinite(start) || isInfinite(end)) return isBelow(start) && isBelow(minus(end));
  const { top } = canonical(add(end, mul(MINUS_ONE, start)));
  return [...top.terms.values()].some(({ monomial }) => monomial.size > 0);
}

/** Not beyond every number. */
const isBelow = (value: Expr): boolean => value.kind !== 'constant' || value.name === '-oo';

function isLinear(value: Expr): boolean {
  if (value.kind === 'symbol') return value.real;
  if (value.kind === 'number' || isInfinite(value)) return true;
  if (value.kind === 'add') return value.args.every(isLinear);
  if (value.kind !== 'mul' || value.args.length !== 2) return false;
  const [amount, name] = value.args;
  return amount?.kind === 'number' && name?.kind === 'symbol' && name.real;
}

/** An interval; what would hold nothing is a pair of numbers, or nothing. */
function makeInterval(start: Expr, end: Expr, leftOpen: boolean, rightOpen: boolean): MathValue {
  const order = compareNumbers(start, end);
  if (order === undefined) {
    if (!isOpenEnded(start, end)) throw new NotOurs('an interval of unknowns');
    return { kind: 'interval', start, end, leftOpen, rightOpen };
  }
  if ((leftOpen && rightOpen && order >= 0) || (!leftOpen && !rightOpen && order > 0)) {
    return { kind: 'tuple', args: [start, end] };
  }
  if (order > 0) return { kind: 'namedSet', name: 'EmptySet' };
  if (order === 0) {
    if (isInfinite(start)) throw new NotOurs('an interval at infinity');
    return leftOpen || rightOpen ? { kind: 'namedSet', name: 'EmptySet' } : { kind: 'set', args: [end] };
  }
  return {
    kind: 'interval',
    start,
    end,
    leftOpen: leftOpen || isInfinite(start),
    rightOpen: rightOpen || isInfinite(end),
  };
}
