import { strip } from './strings.js';

/** A finite `decimal.Decimal`: digits * 10^exponent. */
export interface Decimal {
  digits: bigint;
  exponent: number;
}

const DECIMAL = /^([+-]?)(?:(\d+)\.?(\d*)|\.(\d+))(?:e([+-]?\d+))?$/i;

/** `Decimal(text)`; undefined where Python raises, and for NaN and infinities, which equal no finite one. */
export function parseDecimal(text: string): Decimal | undefined {
  const [, sign, whole = '', fraction = '', bare = '', power = '0'] =
    DECIMAL.exec(strip(text).replaceAll('_', '')) ?? [];
  if (sign === undefined) return undefined;
  const behind = fraction + bare;
  const digits = BigInt(whole + behind);
  return { digits: sign === '-' ? -digits : digits, exponent: Number(power) - behind.length };
}

/** Negative, 0 or positive, as a is below, equal to or above b. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const least = Math.min(a.exponent, b.exponent);
  const scaled = ({ digits, exponent }: Decimal): bigint => digits * 10n ** BigInt(exponent - least);
  const difference = scaled(a) - scaled(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** |a - b| */
export function distance(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  const scaled = (one: Decimal): bigint => one.digits * 10n ** BigInt(one.exponent - exponent);
  const difference = scaled(a) - scaled(b);
  return { digits: difference < 0n ? -difference : difference, exponent };
}

/** Rounded to as many significant digits, a half to the even neighbour; null for 0. */
export function roundSignificant({ digits, exponent }: Decimal, count: number): Decimal | null {
  if (digits === 0n) return null;
  const size = digits < 0n ? -digits : digits;
  const drop = size.toString().length - count;
  if (drop <= 0) return { digits: digits * 10n ** BigInt(-drop), exponent: exponent + drop };
  const unit = 10n ** BigInt(drop);
  const low = size / unit;
  const twice = 2n * (size % unit);
  const up = twice > unit || (twice === unit && low % 2n === 1n) ? 1n : 0n;
  return { digits: (low + up) * (digits < 0n ? -1n : 1n), exponent: exponent + drop };
}
