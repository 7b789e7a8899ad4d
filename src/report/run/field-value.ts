/** A dotted path into rows, e.g. `metadata.level`. */
export interface FieldPath {
  name: string;
  /** The top-level key, whose JSON text is read from the row. */
  top: string;
  rest: string[];
}

export function fieldPath(name: string): FieldPath {
  const [top = '', ...rest] = name.split('.');
  return { name, top, rest };
}

/** The value at a path as a word, or null when the row has none there. `text` is the top-level value's JSON text. */
export function fieldValue(path: FieldPath, text: string | undefined): string | null {
  if (text === undefined) return null;
  let value: unknown = JSON.parse(text);
  for (const key of path.rest) {
    if (typeof value !== 'object' || value === null) return null;
    value = (value as Record<string, unknown>)[key];
  }
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
