import { isSecretKey, MASK } from './secret-keys.js';

const USER_INFO = /([a-z][a-z0-9+.-]*:\/\/)[^/?#\s@'"]+@/gi;
const QUERY = /([?&])([A-Za-z0-9_.-]+)=([^&\s#'"]+)/g;

/** Masks what a URL in a text carries: `https://user:password@host` and `?api_key=…`. */
export function maskUrls(text: string): string {
  if (!text.includes('://')) return text;
  return text
    .replace(USER_INFO, `$1${MASK}@`)
    .replace(QUERY, (whole, mark: string, name: string) =>
      isSecretKey(name) || name === 'key' ? `${mark}${name}=${MASK}` : whole,
    );
}

/** The password part of a URL's user information, if it has one. */
export function urlPasswords(text: string): string[] {
  if (!text.includes('://')) return [];
  return [...text.matchAll(/[a-z][a-z0-9+.-]*:\/\/[^/?#\s@:'"]*:([^/?#\s@'"]+)@/gi)].map(
    (match) => match[1]!,
  );
}

/** Replaces every occurrence of the given values, longest first. */
export function maskValues(text: string, secrets: readonly string[]): string {
  let masked = text;
  for (const secret of secrets) masked = masked.replaceAll(secret, MASK);
  return masked;
}
