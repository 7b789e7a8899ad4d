/** A dotted path into rows, e.g. `metadata.level`. */
export interface FieldPath {
  name: string;
  /** The top-level key, whose JSON text is read from the row. */
  top: string;
  rest: string[];
}

/** Where a word stands that is not a key of the row itself; a row's own key of that name comes first. */
const ELSEWHERE: Readonly<Record<string, FieldPath>> = {
  stop_reason: { name: 'stop_reason', top: '_ng_run', rest: ['stop_reason'] },
};

/** The places where a field may stand, in order. */
export function fieldPaths(name: string): FieldPath[] {
  const [top = '', ...rest] = name.split('.');
  const elsewhere = Object.hasOwn(ELSEWHERE, name) ? [ELSEWHERE[name]!] : [];
  return [{ name, top, rest }, ...elsewhere];
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
