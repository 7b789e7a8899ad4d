import {
  child,
  children,
  convertAtom,
  convertProduct,
  exponentOf,
  expression,
  textOf,
  tokensOf,
} from './convert.js';
import type { Reading } from './convert.js';
import { isIdentical } from './canonical.js';
import type { ParseNode } from './parse.js';
import { readExpression } from './read-latex.js';
import { applied, constant, isInteger, NotOurs, pow, ratio, HALF } from './tree.js';
import type { Expr } from './tree.js';

/** Functions by the names of their commands, where the names differ. */
const NAMES: Readonly<Record<string, string>> = {
  arcsin: 'asin', arccos: 'acos', arctan: 'atan', arccsc: 'acsc', arcsec: 'asec', arccot: 'acot',
  arsinh: 'asinh', arcosh: 'acosh', artanh: 'atanh', arcsinh: 'asinh', arccosh: 'acosh', arctanh: 'atanh',
  ceil: 'ceiling',
}; // prettier-ignore

/** Those of which the power -1 is the inverse. */
const INVERTIBLE = new Set(['sin', 'cos', 'tan', 'csc', 'sec', 'cot', 'sinh', 'cosh', 'tanh']);

export function convertFunction(node: ParseNode, reading: Reading): Expr {
  const part = node.parts[0] as ParseNode;
  switch (part.rule) {
    case 'normalFunc':
      return normal(part, reading);
    case 'namedFunc':
      return named(part, reading);
    case 'root':
      return root(part, reading);
    case 'exponential':
      return exponential(part, reading);
    default:
      // Integrals, sums, products, limits, gcd, max.
      throw new NotOurs(part.rule);
  }
}

function normal(node: ParseNode, reading: Reading): Expr {
  const command = tokensOf(node)[0]!.text.slice(1);
  const inner = child(node, 'expr');
  const arg =
    inner === undefined ? convertProduct(child(node, 'mpNofunc')!, reading) : expression(inner, reading);
  const raised = child(node, 'supexpr');
  const power = raised === undefined ? undefined : exponentOf(raised, reading);
  if (command === 'det') throw new NotOurs('a determinant');
  if (command === 'log' || command === 'ln') {
    return raisedTo(applied('log', arg, logarithmBase(command, child(node, 'subexpr'), reading)), power);
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

function logarithmBase(command: string, index: ParseNode | undefined, reading: Reading): Expr {
  if (index === undefined) return command === 'log' ? ratio(10n) : constant('E');
  const atom = child(index, 'atom');
  if (atom !== undefined) return convertAtom(atom, reading);
  const inner = child(index, 'expr');
  if (inner === undefined) throw new NotOurs('a logarithm to several bases');
  return expression(inner, reading);
}

/** f(x), whatever f is. */
function named(node: ParseNode, reading: Reading): Expr {
  const head = child(node, 'atomExprNoSupexpr')!;
  const name = textOf(head);
  const texts = textOf(child(node, 'commonArgs')!).split(',');
  if (texts.at(-1) === '') texts.pop();
  const args = texts.map((text) => readExpression(text, reading));
  const value: Expr = { kind: 'function', name, undefined: true, args };
  const raised = child(node, 'supexpr');
  return raised === undefined ? value : pow(value, exponentOf(raised, reading));
}

function root(node: ParseNode, reading: Reading): Expr {
  const inner = children(node, 'expr').map((one) => expression(one, reading));
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
function exponential(node: ParseNode, reading: Reading): Expr {
  const raised = child(node, 'supexpr');
  const power = raised === undefined ? ratio(1n) : exponentOf(raised, reading);
  if (isInteger(power) && power.p === 0n) return ratio(1n);
  if (isInteger(power) && power.p === 1n) return constant('E');
  if (!isSettled(power) || isIdentical(power, ratio(0n))) throw new NotOurs('e to a power');
  return applied('exp', power);
}
