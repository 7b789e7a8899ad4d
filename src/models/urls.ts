/**
 * The endpoint's URL under a base: slashes between are made one, and a query on the base stays at the end.
 * `https://host/v1/` + `chat/completions` → `https://host/v1/chat/completions`.
 */
export function endpointUrl(
  base: string,
  path: string,
  query: Readonly<Record<string, string>> = {},
): string {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`;
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
  return url.toString();
}
