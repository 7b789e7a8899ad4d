/**
 * A number written as a float. JavaScript has one number type, Python has two: `1.0` must stay `1.0` inside
 * text (`"t${temperature}"`) and in dumps. Plain values outside this folder are ordinary numbers.
 */
export class Float {
  constructor(readonly value: number) {}

  /** Python's `repr`: shortest digits that read back, exponent below 1e-4 and from 1e16. */
  toString(): string {
    const { value } = this;
    if (Number.isNaN(value)) return 'nan';
    if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
    if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
    const [mantissa = '', power = '0'] = value.toExponential().split('e');
    const exponent = Number(power);
    if (exponent < -4 || exponent >= 16) {
      const digits = String(Math.abs(exponent)).padStart(2, '0');
      return `${mantissa}e${exponent < 0 ? '-' : '+'}${digits}`;
    }
    return fixed(mantissa, exponent);
  }
}

function fixed(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa.replace(/[-.]/g, '');
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}
