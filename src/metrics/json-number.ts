/** JSON text to be written as it is. */
export class JsonText {
  constructor(readonly text: string) {}

  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

/**
 * A number with the exact text it has in JSON. JavaScript cannot tell `1.0` from `1`; the metrics files and the
 * `reward` of a stored rollout do, and integers beyond 2^53 must keep every digit.
 */
export class JsonNumber extends JsonText {
  override valueOf(): number {
    return Number(this.text);
  }

  override toJSON(): number {
    return Number(this.text);
  }
}

/**
 * A float as the reference's writer (orjson) prints it: shortest digits that read back the same, always with a
 * point or an exponent (`1.0`, `0.00001`, `1e-6`, `1e+16`); NaN and infinities become `null`.
 */
export function formatFloat(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-5 || size >= 1e16)) return value.toExponential();
  const text = Object.is(value, -0) ? '-0' : String(value);
  return text.includes('.') ? text : `${text}.0`;
}

/** A number that JSON text shows as a float: `float(1)` is written `1.0`. */
export function float(value: number): JsonNumber {
  return new JsonNumber(formatFloat(value));
}
