/** An attribute in the JSON form of OTLP: 64-bit integers are strings there. */
export interface Attribute {
  key: string;
  value: { stringValue: string } | { intValue: string } | { doubleValue: number } | { boolValue: boolean };
}

type Plain = string | number | boolean | null | undefined;

function valueOf(value: string | number | boolean, fraction: boolean): Attribute['value'] {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isSafeInteger(value) && !fraction ? { intValue: String(value) } : { doubleValue: value };
}

/** Attributes in order; unknown values are left out. Names in `fractions` are doubles even when they are whole. */
export function attributes(
  values: Readonly<Record<string, Plain>>,
  fractions: readonly string[] = [],
): Attribute[] {
  return Object.entries(values).flatMap(([key, value]) =>
    value === null || value === undefined || (typeof value === 'number' && !Number.isFinite(value))
      ? []
      : [{ key, value: valueOf(value, fractions.includes(key)) }],
  );
}
