/** Header fields with lower-case names, as `node:http` and undici give them. */
export type HeaderFields = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The first value of a header, or undefined. */
export function header(headers: HeaderFields, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}
