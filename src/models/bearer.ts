/** The authorization header of a bearer key; none for an empty key. The key wins over a configured header. */
export function bearer(key: string, extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(extra)) headers[name.toLowerCase()] = value;
  if (key !== '') headers['authorization'] = `Bearer ${key}`;
  return headers;
}
