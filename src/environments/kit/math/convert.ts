import { strip } from '../../../python/index.js';
import { convertFunction } from './convert-function.js';
import { convertNumber } from './numbers.js';
import { child, children, isToken, textOf, tokensOf } from './parse.js';
import type { ParseNode } from './parse.js';
import { symbolNamed } from './symbol-names.js';
import {
  add,
  applied,
  constant,
  isExpr,
  isInteger,
  isNumber,
  mul,
  MINUS_ONE,
  negated,
  NoReading,
  NotOurs,
  pow,
  ratio,
} from './tree.js';
import type { Expr, MathValue, Ratio } from './tree.js';

/** What of a reading decides how its parts are converted. */
export interface Reading {
  /** Whether symbols are taken to be real numbers. */
  readonly real: boolean;
  /** An expression that stands alone in a text, read as this one is. */
  readonly read: (latex: string) => Expr;
}

/** An expression. Throws {@link NotOurs} for a matrix, with which the reference reckons by other rules. */
export function expression(node: ParseNode, reading: Reading): Expr {
  const value = expressionOrMatrix(node, reading);
  if (!isExpr(value)) throw new NotOurs('an expression with matrices');
  return value;
}

/** A rule `expr`: an expression, or a matrix alone. */
export function expressionOrMatrix(node: ParseNode, reading: Reading): MathValue {
  const only = loneMatrix(node);
  return only === undefined ? convertAdd(child(node, 'additive')!, reading) : matrixOf(only, reading);
}

/** The matrix that an expression is, when it is nothing else. */
function loneMatrix(node: ParseNode): ParseNode | undefined {
  if (node.rule === 'matrix') return node;
  const [part, ...rest] = node.parts;
  return rest.length > 0 || part === undefined || isToken(part) ? undefined : loneMatrix(part);
}

const matrixOf = (node: ParseNode, reading: Reading): MathValue => ({
  kind: 'matrix',
  rows: matrixRows(node, reading),
});

function matrixRows(node: ParseNode, reading: Reading): Expr[][] {
  const rows = children(node, 'matrixRow').map((row) =>
    children(row, 'expr').map((cell) => expression(cell, reading)),
  );
  if (rows.some((row) => row.length !== rows[0]!.length)) throw new NoReading('rows of unequal length');
  return rows;
}

/** The determinant of rational numbers, by its first row. */
function determinant(rows: readonly (readonly Expr[])[]): Expr {
  if (rows.length !== rows[0]!.length) throw new NoReading('a determinant of a matrix that is not square');
  if (rows.length > 4) throw new NotOurs('a large determinant');
  const entries = rows.map((row) =>
    row.map((cell) => {
      if (cell.kind !== 'number') throw new NotOurs('a determinant');
      return cell;
    }),
  );
  return laplace(entries);
}

function laplace([first = [], ...rest]: readonly (readonly Ratio[])[]): Ratio {
  if (rest.length === 0) return first[0]!;
  return first.reduce<Ratio>((total, { p, q }, column) => {
    const minor = laplace(rest.map((row) => row.filter((_, index) => index !== column)));
    const sign = column % 2 === 0 ? 1n : -1n;
    return ratio(total.p * q * minor.q + sign * p * minor.p * total.q, total.q * q * minor.q);
  }, ratio(0n));
}

const flat = (kind: 'add' | 'mul', value: Expr): readonly Expr[] =>
  value.kind === kind ? value.args : [value];

export const product = (left: Expr, right: Expr): Expr => mul(...flat('mul', left), ...flat('mul', right));
const sum = (left: Expr, right: Expr): Expr => add(...flat('add', left), ...flat('add', right));

/** Numbers and infinities are negated at once, all else is a product with -1. */
export function minus(value: Expr): Expr {
  if (isNumber(value)) return negated(value);
  if (value.kind === 'constant' && value.name === 'oo') return constant('-oo');
  if (value.kind === 'constant' && value.name === '-oo') return constant('oo');
  if (value.kind === 'constant' && (value.name === 'zoo' || value.name === 'nan')) return value;
  return product(MINUS_ONE, value);
}

export function quotient(top: Expr, bottom: Expr): Expr {
  if (!isInteger(top) || !isInteger(bottom)) return mul(top, pow(bottom, MINUS_ONE));
  if (bottom.p === 0n) return constant(top.p === 0n ? 'nan' : 'zoo');
  return ratio(top.p, bottom.p);
}

function convertAdd(node: ParseNode, reading: Reading): Expr {
  const [first, ...rest] = children(node, 'mp');
  const signs = tokensOf(node);
  return rest.reduce(
    (left, one, index) => {
      const right = convertProduct(one, reading);
      return sum(left, signs[index]!.type === 'ADD' ? right : minus(right));
    },
    convertProduct(first!, reading),
  );
}

/** A rule `mp` or `mpNofunc`. */
export function convertProduct(node: ParseNode, reading: Reading): Expr {
  const [first, ...rest] = node.parts.filter((part): part is ParseNode => !isToken(part));
  const signs = tokensOf(node);
  return rest.reduce(
    (left, one, index) => {
      const right = convertUnary(one, reading);
      const sign = signs[index]!.type;
      if (sign === 'CMD_MOD') throw new NotOurs('a remainder');
      return ['DIV', 'CMD_DIV', 'COLON'].includes(sign) ? quotient(left, right) : product(left, right);
    },
    convertUnary(first!, reading),
  );
}

function convertUnary(node: ParseNode, reading: Reading): Expr {
  const [first, ...rest] = node.parts;
  if (isToken(first!)) {
    const inner = convertUnary(rest[0] as ParseNode, reading);
    return first.type === 'ADD' ? inner : minus(inner);
  }
  return juxtaposed(node.parts as readonly ParseNode[], reading);
}

/** Factors side by side; an integer before a fraction is a mixed number. */
function juxtaposed([first, ...rest]: readonly ParseNode[], reading: Reading): Expr {
  const left = convertPostfix(first!, reading);
  if (rest.length === 0) return left;
  const right = juxtaposed(rest, reading);
  if (isInteger(left) && right.kind === 'number' && right.p > 0n) {
    const whole = left.p * right.q;
    return ratio(left.p < 0n ? whole - right.p : whole + right.p, right.q);
  }
  return product(left, right);
}

function convertPostfix(node: ParseNode, reading: Reading): Expr {
  const [first, ...ops] = node.parts as readonly ParseNode[];
  return ops.reduce(
    (value, { parts: [op] }) => {
      const type = isToken(op!) ? op.type : 'evalAt';
      if (type === 'BANG') return applied('factorial', value);
      // Degrees are not worked out.
      if (type === 'DEGREE') return value;
      throw new NotOurs('a transpose or a value at a place');
    },
    convertPower(first!, reading),
  );
}

function convertPower(node: ParseNode, reading: Reading): Expr {
  const [base, ...powers] = node.parts as readonly ParseNode[];
  return powers.reduce<Expr>(
    (value, one) => {
      const atom = child(one, 'atom');
      const exponent =
        atom === undefined ? expression(child(one, 'expr')!, reading) : convertAtom(atom, reading);
      return pow(value, exponent);
    },
    convertComponent(base!, reading),
  );
}

function convertComponent(node: ParseNode, reading: Reading): Expr {
  const part = node.parts[0] as ParseNode;
  const inner = (): Expr => expression(child(part, 'expr')!, reading);
  switch (part.rule) {
    case 'group':
    case 'formattingGroup':
      return inner();
    case 'absGroup':
      return applied('Abs', inner());
    case 'floorGroup':
      return applied('floor', inner());
    case 'ceilGroup':
      return applied('ceiling', inner());
    case 'atom':
      return convertAtom(part, reading);
    case 'frac':
      return convertFraction(part, reading);
    case 'binom':
      return convertBinomial(part, reading);
    case 'func':
      return convertFunction(part, {
        expression: (one) => expression(one, reading),
        product: (one) => convertProduct(one, reading),
        exponent: (one) => exponentOf(one, reading),
        atom: (one) => convertAtom(one, reading),
        read: reading.read,
      });
    case 'det':
      return determinant(matrixRows(part, reading));
    default:
      // Matrices among other things, determinants, norms, scalar products.
      throw new NotOurs(part.rule);
  }
}

function convertFraction(node: ParseNode, reading: Reading): Expr {
  const [upper, lower] = children(node, 'expr');
  // d/dx
  if (/^(?:d[^a-z]*\\?[a-zA-Z]+|\\partial.*)$/.test(textOf(lower!))) throw new NotOurs('a derivative');
  return quotient(expression(upper!, reading), expression(lower!, reading));
}

/** A name, or a sum of one and a number. */
function isPolynomialName(value: Expr): boolean {
  if (value.kind !== 'add') return value.kind === 'symbol';
  const [first, second, ...rest] = value.args;
  return rest.length === 0 && first!.kind === 'symbol' && isInteger(second!);
}

function convertBinomial(node: ParseNode, reading: Reading): Expr {
  const [n, k] = children(node, 'expr').map((one) => expression(one, reading));
  // Of a name it stays as it is.
  if (isInteger(k!) && k.p >= 2n && k.p <= 10n && isPolynomialName(n!)) return applied('binomial', n!, k);
  if (!isInteger(n!) || !isInteger(k!) || n.p < 0n || n.p > 5000n)
    throw new NotOurs('a binomial coefficient');
  if (k.p < 0n || k.p > n.p) return ratio(0n);
  let value = 1n;
  for (let index = 1n; index <= k.p; index += 1n) value = (value * (n.p - index + 1n)) / index;
  return ratio(value);
}

export function convertAtom(node: ParseNode, reading: Reading): Expr {
  const [part] = node.parts;
  if (!isToken(part!)) {
    if (part!.rule === 'atomExpr') return convertAtomExpr(part!, reading);
    return readNumber(tokensOf(part!)[0]!.text);
  }
  switch (part.type) {
    case 'SYMBOL':
      if (part.text === String.raw`\infty`) return constant('oo');
      throw new NoReading(`the symbol ${part.text}`);
    case 'E_NOTATION':
      return readNumber(part.text);
    case 'E_NOTATION_E':
      return { kind: 'symbol', name: 'e', real: reading.real };
    case 'DIFFERENTIAL':
      return { kind: 'symbol', name: part.text.replaceAll(/\s+|\\/g, ''), real: reading.real };
    case 'PERCENT_NUMBER':
      return mul(readNumber(part.text.replace(/\s?\\?%$/, '')), ratio(1n, 100n));
    default:
      throw new NotOurs(part.type);
  }
}

function readNumber(text: string): Expr {
  const plain = text.replaceAll(',', '');
  return convertNumber(/^\d+$/.test(plain) ? plain.replace(/^0+(?=\d)/, '') : plain);
}

/** The text of an index as part of a name. */
export function indexText(node: ParseNode | undefined): string {
  if (node === undefined) return '';
  const text = strip(textOf(node.parts.find((part) => !isToken(part))!));
  return text.length > 1 ? `_{${text}}` : `_${text}`;
}

export function convertAtomExpr(node: ParseNode, reading: Reading): Expr {
  const [head] = tokensOf(node);
  if (head!.text === 'I') return constant('I');
  const symbol = symbolNamed(head!, indexText(child(node, 'subexpr')), reading.real);
  const raised = child(node, 'supexpr');
  return raised === undefined ? symbol : pow(symbol, exponentOf(raised, reading));
}

/** What stands after a `^`. */
export function exponentOf(node: ParseNode, reading: Reading): Expr {
  const atom = child(node, 'atom');
  return atom === undefined ? expression(child(node, 'expr')!, reading) : convertAtom(atom, reading);
}
