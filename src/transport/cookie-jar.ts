import type { HeaderFields } from '../protocol/index.js';

/**
 * The cookies of one episode with one server. Merged, never replaced: a reply without cookies (the reference's
 * 500s carry none) loses nothing. Path and domain are not looked at, since a jar belongs to one server.
 */
export class CookieJar {
  readonly #cookies = new Map<string, string>();

  /** Takes the `Set-Cookie` headers of a reply. */
  take(headers: HeaderFields): void {
    const given = headers['set-cookie'];
    for (const line of typeof given === 'string' ? [given] : (given ?? [])) this.#set(line);
  }

  /** The `Cookie` header; undefined when the jar is empty. */
  header(): string | undefined {
    if (this.#cookies.size === 0) return undefined;
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  #set(line: string): void {
    const [pair = '', ...attributes] = line.split(';');
    const at = pair.indexOf('=');
    if (at < 1) return;
    const name = pair.slice(0, at).trim();
    if (attributes.some((attribute) => /^\s*max-age\s*=\s*(0|-\d+)\s*$/i.test(attribute))) {
      this.#cookies.delete(name);
    } else {
      this.#cookies.set(name, pair.slice(at + 1).trim());
    }
  }
}
