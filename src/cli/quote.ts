/**
 * Writes a text as a quoted string of the override grammar, so that any value (`a=b`, `x?k=v`, `a,b`, `~/x`)
 * reaches its key as it was typed. Inside quotes only the delimiter, and backslashes before it, are escaped.
 */
export function quote(text: string): string {
  const delimiter = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(
    new RegExp(`(\\\\*)(${delimiter}|$)`, 'g'),
    (_, slashes: string, end: string) =>
      end === delimiter ? `${slashes}${slashes}\\${end}` : `${slashes}${slashes}`,
  );
  return `${delimiter}${escaped}${delimiter}`;
}

/** True for a text that is one quoted string already (the reference's own way round its raw flag values). */
export function isQuoted(text: string): boolean {
  return /^'(?:[^'\\]|\\.)*'$|^"(?:[^"\\]|\\.)*"$/s.test(text);
}
