import { isIdentical } from './canonical.js';
import { rationalOf } from './fixed-point.js';
import { child, children, textOf, tokensOf } from './parse.js';
import type { ParseNode } from './parse.js';
import { applied, constant, isInteger, NotOurs, pow, ratio, HALF, sameTree } from './tree.js';
import type { Expr, Ratio, SymbolNode } from './tree.js';

/** Functions by the names of their commands, where the names differ. */
const NAMES: Readonly<Record<string, string>> = {
  arcsin: 'asin', arccos: 'acos', arctan: 'atan', arccsc: 'acsc', arcsec: 'asec', arccot: 'acot',
  arsinh: 'asinh', arcosh: 'acosh', artanh: 'atanh', arcsinh: 'asinh', arccosh: 'acosh', arctanh: 'atanh',
  ceil: 'ceiling',
}; // prettier-ignore

/** How the parts of a function are converted. */
export interface Parts {
  expression(node: ParseNode): Expr;
  product(node: ParseNode): Expr;
  exponent(node: ParseNode): Expr;
  atom(node: ParseNode): Expr;
  /** An argument by its text. */
  read(latex: string): Expr;
}

/** Those of which the power -1 is the inverse. */
const INVERTIBLE = new Set(['sin', 'cos', 'tan', 'csc', 'sec', 'cot', 'sinh', 'cosh', 'tanh']);

export function convertFunction(node: ParseNode, parts: Parts): Expr {
  const part = node.parts[0] as ParseNode;
  switch (part.rule) {
    case 'normalFunc':
      return normal(part, parts);
    case 'namedFunc':
      return named(part, parts);
    case 'root':
      return root(part, parts);
    case 'exponential':
      return exponential(part, parts);
    case 'sumOrProduct':
      return sumOrProduct(part, parts);
    default:
      // Integrals, limits, gcd, max.
      throw new NotOurs(part.rule);
  }
}

function normal(node: ParseNode, parts: Parts): Expr {
  const command = tokensOf(node)[0]!.text.slice(1);
  const inner = child(node, 'expr');
  const arg = inner === undefined ? parts.product(child(node, 'mpNofunc')!) : parts.expression(inner);
  const raised = child(node, 'supexpr');
  const power = raised === undefined ? undefined : parts.exponent(raised);
  if (command === 'det') throw new NotOurs('a determinant');
  if (command === 'log' || command === 'ln') {
    return raisedTo(applied('log', arg, logarithmBase(command, child(node, 'subexpr'), parts)), power);
  }
  if (INVERTIBLE.has(command) && power !== undefined && isInteger(power) && power.p === -1n) {
    return applied(`a${command}`, arg);
  }
  return raisedTo(applied(NAMES[command] ?? command, arg), power);
}

/** A power 0 is none. */
function raisedTo(value: Expr, power: Expr | undefined): Expr {
  return power === undefined || (isInteger(power) && power.p === 0n) ? value : pow(value, power);
}

function logarithmBase(command: string, index: ParseNode | undefined, parts: Parts): Expr {
  if (index === undefined) return command === 'log' ? ratio(10n) : constant('E');
  const atom = child(index, 'atom');
  if (atom !== undefined) return parts.atom(atom);
  const inner = child(index, 'expr');
  if (inner === undefined) throw new NotOurs('a logarithm to several bases');
  return parts.expression(inner);
}

/** f(x), whatever f is. */
function named(node: ParseNode, parts: Parts): Expr {
  const head = child(node, 'atomExprNoSupexpr')!;
  const name = textOf(head);
  const texts = textOf(child(node, 'commonArgs')!).split(',');
  if (texts.at(-1) === '') texts.pop();
  const args = texts.map((text) => parts.read(text));
  const value: Expr = { kind: 'function', name, undefined: true, args };
  const raised = child(node, 'supexpr');
  return raised === undefined ? value : pow(value, parts.exponent(raised));
}

function root(node: ParseNode, parts: Parts): Expr {
  const inner = children(node, 'expr').map((one) => parts.expression(one));
  const degree = inner.length === 2 ? inner[0]! : ratio(2n);
  if (inner.length === 2 && (!isInteger(degree) || degree.p === 0n))
    throw new NotOurs('a root of that degree');
  const exponent = isInteger(degree) ? ratio(1n, degree.p) : HALF;
  return pow(inner.at(-1)!, exponent);
}

/** Of names and numbers only, so that e to it stays as it is. */
function isSettled(value: Expr): boolean {
  switch (value.kind) {
    case 'number':
      return value.p !== 0n;
    case 'symbol':
      return true;
    case 'constant':
      return value.name === 'pi';
    case 'add':
    case 'mul':
      return value.args.every(isSettled);
    case 'pow':
      return isSettled(value.base) && isSettled(value.exp);
    default:
      return false;
  }
}

/** e, or e to a power; worked out where that is a number. */
function exponential(node: ParseNode, parts: Parts): Expr {
  const raised = child(node, 'supexpr');
  const power = raised === undefined ? ratio(1n) : parts.exponent(raised);
  if (isInteger(power) && power.p === 0n) return ratio(1n);
  if (isInteger(power) && power.p === 1n) return constant('E');
  if (!isSettled(power) || isIdentical(power, ratio(0n))) throw new NotOurs('e to a power');
  return applied('exp', power);
}

/** Terms or factors that are worked out, at most. */
const MOST_TERMS = 2000n;

function sumOrProduct(node: ParseNode, parts: Parts): Expr {
  const [lower, upper] = [child(node, 'subeq')!, child(node, 'supexpr')!];
  const [name, from] = children(child(lower, 'equality')!, 'expr').map((one) => parts.expression(one));
  const to = parts.exponent(upper);
  const body = parts.product(child(node, 'mp')!);
  if (name!.kind !== 'symbol') throw new NotOurs('a sum over an expression');
  const isSum = tokensOf(node)[0]!.type === 'FUNC_SUM';
  return {
    kind: 'series',
    name: isSum ? 'Sum' : 'Product',
    over: name!,
    from: from!,
    to,
    body,
    value: seriesValue(isSum, name!, from!, to, body),
  };
}

/** The value of a sum or product of rational numbers between two integers. */
function seriesValue(isSum: boolean, over: SymbolNode, from: Expr, to: Expr, body: Expr): Ratio | null {
  if (!isInteger(from) || !isInteger(to) || to.p < from.p || to.p - from.p > MOST_TERMS) return null;
  let total = ratio(isSum ? 0n : 1n);
  for (let at = from.p; at <= to.p; at += 1n) {
    const term = rationalOf(substituted(body, over, ratio(at)));
    if (term === undefined) return null;
    total = isSum
      ? ratio(total.p * term.q + term.p * total.q, total.q * term.q)
      : ratio(total.p * term.p, total.q * term.q);
  }
  return total;
}

function substituted(value: Expr, name: SymbolNode, by: Expr): Expr {
  const inner = (one: Expr): Expr => substituted(one, name, by);
  switch (value.kind) {
    case 'symbol':
      return sameTree(value, name) ? by : value;
    case 'pow':
      return pow(inner(value.base), inner(value.exp));
    case 'add':
    case 'mul':
      return { kind: value.kind, args: value.args.map(inner) };
    case 'function':
      return { ...value, args: value.args.map(inner) };
    case 'float':
    case 'series':
      throw new NotOurs('a sum of decimal numbers');
    default:
      return value;
  }
}
