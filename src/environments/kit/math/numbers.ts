import { mul, NotOurs, ratio } from './tree.js';
import type { Decimal, Expr, MathValue, Ratio } from './tree.js';
import { isExpr } from './tree.js';

/** Significant digits that a decimal number has at least, however few were written. */
const PLACES = 15;

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** A number as SymPy reads its text: exact without a point and an exponent, else to as many digits as were written. */
export function convertNumber(text: string): Ratio | Decimal {
  const [, sign, whole = '', fraction, power] = DECIMAL.exec(text) ?? [];
  if (sign === undefined || whole + (fraction ?? '') === '') throw new NotOurs(`the number ${text}`);
  const minus = sign === '-' ? -1n : 1n;
  if (fraction === undefined && power === undefined) {
    // Python refuses an integer that begins with 0.
    if (whole.length > 1 && whole.startsWith('0')) throw new NotOurs(`the number ${text}`);
    return ratio(minus * BigInt(whole));
  }
  const digits = BigInt(whole + (fraction ?? ''));
  const written = digits === 0n ? 1 : digits.toString().length;
  const exponent = Number(power ?? 0) - (fraction ?? '').length;
  return { kind: 'float', digits: minus * digits, exponent, places: Math.max(PLACES, written) };
}

/** `n%`: one hundredth, not worked out. */
export function percentOf(value: MathValue): Expr {
  if (!isExpr(value)) throw new NotOurs('a percentage of no expression');
  return mul(value, ratio(1n, 100n));
}

/** The exact value of what was written. */
export function exact({ digits, exponent }: Decimal): Ratio {
  return exponent >= 0 ? ratio(digits * 10n ** BigInt(exponent)) : ratio(digits, 10n ** BigInt(-exponent));
}

/** The text of a decimal number: all its places, or (`short`) none of the zeros at the end. */
export function decimalText({ digits, exponent, places }: Decimal, short: boolean): string {
  if (digits === 0n) return '0.0';
  const sign = digits < 0n ? '-' : '';
  const written = (digits < 0n ? -digits : digits).toString();
  const padded = written.padEnd(places, '0');
  // The place of the first digit: 0 for units.
  const first = exponent + written.length - 1;
  const least = Math.min(-Math.floor(places / 3), -5);
  const cut = (text: string): string => {
    if (!short) return text;
    const without = text.replace(/0+$/, '');
    return without.endsWith('.') ? `${without}0` : without;
  };
  if (first > least && first < places) {
    const text =
      first < 0
        ? `0.${'0'.repeat(-first - 1)}${padded}`
        : `${padded.slice(0, first + 1)}.${padded.slice(first + 1)}`;
    return sign + cut(text);
  }
  const power = first < 0 ? String(first) : `+${first}`;
  return `${sign}${cut(`${padded[0]!}.${padded.slice(1)}`)}e${power}`;
}
