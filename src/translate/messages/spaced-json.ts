/** Code units outside ASCII, as `json.dumps` escapes them. */
function ascii(text: string): string {
  return text.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * JSON text with a space after `:` and `,` and everything outside ASCII escaped: what Python's `json.dumps`
 * writes, and so what models that were trained with it see as tool arguments.
 */
export function spacedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spacedJson).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([key, inner]) => `${ascii(JSON.stringify(key))}: ${spacedJson(inner)}`,
    );
    return `{${members.join(', ')}}`;
  }
  return ascii(JSON.stringify(value) ?? 'null');
}
