/**
 * `math.sin`, `cos`, `log` and `**` of floats, rounded to the nearest double. JavaScript's own are allowed to be off by
 * one in the last digit, and are; Python's come from a C library that rounds like this but for one argument in
 * thousands. Numbers are integers in units of 2^-BITS.
 */
const BITS = 320n;
const ONE = 1n << BITS;

/** Mantissa and exponent of a finite double: value = mantissa * 2^exponent. */
function parts(value: number): { mantissa: bigint; exponent: bigint } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = (bits >> 52n) & 0x7ffn;
  const fraction = bits & ((1n << 52n) - 1n);
  const size = biased === 0n ? fraction : fraction | (1n << 52n);
  return { mantissa: value < 0 ? -size : size, exponent: (biased === 0n ? 1n : biased) - 1075n };
}

const shift = (value: bigint, by: bigint): bigint => (by >= 0n ? value << by : value >> -by);

/** value * 2^exponent as a double, rounded once. */
function toDouble(value: bigint, exponent: bigint): number {
  // What is beyond 128 digits only says on which side of a tie the value is.
  const spare = BigInt(Math.max(0, value.toString(16).length * 4 - 128));
  const top = value >> spare;
  const near = top << spare === value ? top : top | 1n;
  const power = Number(exponent + spare);
  // In two steps, because the power itself may be beyond what a double can be.
  const half = Math.trunc(power / 2);
  return Number(near) * 2 ** half * 2 ** (power - half);
}

/** 2^bits times the arc tangent of 1/n. */
function arcTangent(n: bigint, bits: bigint): bigint {
  let term = (1n << bits) / n;
  let sum = 0n;
  for (let k = 1n; term !== 0n; k += 2n) {
    sum += k % 4n === 1n ? term / k : -(term / k);
    term /= n * n;
  }
  return sum;
}

function piAt(bits: bigint): bigint {
  const spare = bits + 32n;
  return (16n * arcTangent(5n, spare) - 4n * arcTangent(239n, spare)) >> 32n;
}

/** The sum of x^k / k! over even or odd k, with alternating signs. */
function sineSeries(x: bigint, first: bigint, from: bigint): bigint {
  const square = (x * x) >> BITS;
  let term = first;
  let sum = 0n;
  for (let k = from; term !== 0n; k += 2n) {
    sum += term;
    term = -((term * square) >> BITS) / ((k + 1n) * (k + 2n));
    if (term === -1n) break;
  }
  return sum;
}

function trigonometric(value: number, quarterTurns: bigint): number {
  if (!Number.isFinite(value)) throw new MathError('math domain error');
  const { mantissa, exponent } = parts(value);
  const wide = BITS + (exponent > 0n ? exponent + 64n : 64n);
  const quarter = piAt(wide) / 2n;
  const angle = shift(mantissa, exponent + wide);
  const turns = (2n * angle + quarter) / (2n * quarter) - (2n * angle + quarter < 0n ? 1n : 0n);
  const rest = shift(angle - turns * quarter, BITS - wide);
  const place = (((turns + quarterTurns) % 4n) + 4n) % 4n;
  const size = place % 2n === 0n ? sineSeries(rest, rest, 1n) : sineSeries(rest, ONE, 0n);
  return toDouble(place < 2n ? size : -size, -BITS);
}

/** `math.sin`; throws {@link MathError} for infinity. */
export function sin(value: number): number {
  if (value === 0 || Number.isNaN(value)) return value;
  return trigonometric(value, 0n);
}

/** `math.cos`; throws as {@link sin}. */
export function cos(value: number): number {
  return Number.isNaN(value) ? value : trigonometric(value, 1n);
}

/** In units, the natural logarithm of 1 <= m < 2. */
function logOfMantissa(m: bigint): bigint {
  const z = ((m - ONE) << BITS) / (m + ONE);
  const square = (z * z) >> BITS;
  let term = z;
  let sum = 0n;
  for (let k = 1n; term !== 0n; k += 2n) {
    sum += term / k;
    term = (term * square) >> BITS;
  }
  return 2n * sum;
}

const LN2 = ((): bigint => {
  // 2 * atanh(1/3)
  let term = ONE / 3n;
  let sum = 0n;
  for (let k = 1n; term !== 0n; k += 2n) {
    sum += term / k;
    term /= 9n;
  }
  return 2n * sum;
})();

/** In units, the natural logarithm of a positive double. */
function logUnits(value: number): bigint {
  const { mantissa, exponent } = parts(value);
  const length = BigInt(mantissa.toString(2).length) - 1n;
  return logOfMantissa(mantissa << (BITS - length)) + (exponent + length) * LN2;
}

/** `math.log(value)`; throws {@link MathError} for what is not above 0. */
export function log(value: number): number {
  if (value <= 0) throw new MathError('math domain error');
  if (!Number.isFinite(value) || value === 1) return value === 1 ? 0 : value;
  return toDouble(logUnits(value), -BITS);
}

function exp(units: bigint): number {
  const twos = units / LN2 - (units < 0n ? 1n : 0n);
  const rest = units - twos * LN2;
  let term = ONE;
  let sum = 0n;
  for (let k = 1n; term !== 0n; k += 1n) {
    sum += term;
    term = ((term * rest) >> BITS) / k;
  }
  return toDouble(sum, twos - BITS);
}

/** `base ** exponent` of floats; throws {@link MathError} where Python raises, or has no real number. */
export function power(base: number, exponent: number): number {
  if (base === 1 || exponent === 0) return 1;
  if (Number.isNaN(base) || Number.isNaN(exponent)) return Number.NaN;
  if (base === 0 && exponent < 0) throw new MathError('0.0 cannot be raised to a negative power');
  if (!Number.isFinite(base) || !Number.isFinite(exponent) || base === 0) return base ** exponent;
  const whole = Number.isInteger(exponent);
  if (base < 0 && !whole) throw new MathError('no real number');
  const sign = base < 0 && exponent % 2 !== 0 ? -1 : 1;
  const size = Math.abs(base);
  const rough = exponent * Math.log(size);
  if (rough < -746) return sign * 0;
  const result =
    rough > 710
      ? Infinity
      : whole && exponent > 0 && exponent <= 64
        ? exactPower(size, exponent)
        : powerOf(size, exponent);
  if (result === Infinity) throw new MathError("(34, 'Numerical result out of range')");
  return sign * result;
}

function exactPower(base: number, exponent: number): number {
  const { mantissa, exponent: scale } = parts(base);
  const times = BigInt(exponent);
  return toDouble(mantissa ** times, scale * times);
}

function powerOf(base: number, exponent: number): number {
  const { mantissa, exponent: scale } = parts(exponent);
  return exp(shift(mantissa * logUnits(base), scale));
}

/** A calculation that Python refuses, in its words. */
export class MathError extends Error {}
