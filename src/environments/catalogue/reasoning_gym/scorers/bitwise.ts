import { strip } from '../../../../python/index.js';
import { NeedsLibrary, textOf, Unscored } from '../entry.js';
import type { Scorer } from '../entry.js';

const BASES: readonly [RegExp, string][] = [
  [/^0[xX](?:_?[0-9a-fA-F])+$/, '0x'],
  [/^0[oO](?:_?[0-7])+$/, '0o'],
  [/^0[bB](?:_?[01])+$/, '0b'],
];

/** `int(text, 0)` */
function intOfAnyBase(text: string): bigint | undefined {
  const [, sign, digits = ''] = /^([+-]?)(.*)$/s.exec(strip(text)) ?? [];
  const based = BASES.find(([form]) => form.test(digits));
  const plain = /^(?:0(?:_?0)*|[1-9](?:_?\d)*)$/.test(digits);
  if (based === undefined && !plain) return undefined;
  const clean = digits.replaceAll('_', '').toLowerCase();
  const value = BigInt(clean);
  return sign === '-' ? -value : value;
}

/** Operators of Python by how tightly they bind, the loosest first. */
const OPERATORS: readonly Readonly<Record<string, (a: bigint, b: bigint) => bigint>>[] = [
  { '<<': (a, b) => a << places(b), '>>': (a, b) => a >> places(b) },
  { '+': (a, b) => a + b, '-': (a, b) => a - b },
  { '*': (a, b) => a * b },
];
const TOKENS = /\d\w*|<<|>>|\*\*|[-+*()]|\S/g;
const KNOWN = /^(?:\d\w*|<<|>>|[-+*()])$/;
/** So far a number may be shifted; problems have shifts below 4. */
const MOST_PLACES = 100_000n;

function places(count: bigint): bigint {
  if (count < 0n) throw new Unscored('a negative shift');
  if (count > MOST_PLACES) throw new NeedsLibrary('a shift that far');
  return count;
}

/** `+ - * << >> ( )` over whole numbers in any base, as Python has them; it raises for what is no such expression. */
function evaluate(text: string): bigint {
  const tokens: readonly string[] = text.match(TOKENS) ?? [];
  const other = tokens.find((token) => !KNOWN.test(token) || /^\d[\d_]*[eEjJ]/.test(token));
  if (other !== undefined) throw new NeedsLibrary('Python to evaluate its problem');
  let at = 0;
  const level = (depth: number): bigint => {
    const operators = OPERATORS[depth];
    if (operators === undefined) return unary();
    let value = level(depth + 1);
    for (;;) {
      const operator = operators[tokens[at] ?? ''];
      if (operator === undefined) return value;
      at += 1;
      value = operator(value, level(depth + 1));
    }
  };
  const unary = (): bigint => {
    const token = tokens[at++] ?? '';
    if (token === '-') return -unary();
    if (token === '+') return unary();
    if (token === '(') {
      const value = level(0);
      if (tokens[at++] !== ')') throw new Unscored('a bracket is open');
      return value;
    }
    const value = /^\d/.test(token) ? intOfAnyBase(token) : undefined;
    if (value === undefined) throw new Unscored('no number');
    return value;
  };
  const value = level(0);
  if (at < tokens.length) throw new Unscored('unexpected text');
  return value;
}

/** The value of the problem itself, in any base. */
export const bitwiseArithmetic: Scorer = (answer, entry) => {
  const given = intOfAnyBase(answer);
  return Number(given !== undefined && given === evaluate(textOf(entry, 'problem')));
};
