const known = new Map<string, string>();

/** `?` → `$1`, `$2` …, but not inside of quotes. The same statements come again and again: each is read once. */
export function numbered(sql: string): string {
  const before = known.get(sql);
  if (before !== undefined) return before;
  let count = 0;
  const text = sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\?/g, (part) => {
    if (part !== '?') return part;
    count += 1;
    return `$${count}`;
  });
  if (known.size < 1_000) known.set(sql, text);
  return text;
}
