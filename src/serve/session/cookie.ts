import { createHmac, timingSafeEqual } from 'node:crypto';

/** Seconds a session cookie is good for; the same two weeks as the reference. */
const MAX_AGE_S = 1_209_600;

/**
 * Signed session cookies in the reference's form: `base64(payload).timestamp.signature`, where the payload is
 * `{"session_id": …}`. The key is random per process (the reference signs with a public name, so that anyone can
 * make a cookie for any session); sessions live in memory, so a cookie need not outlive the process.
 */
export class SessionCookies {
  readonly name: string;

  constructor(
    instance: string,
    private readonly key: Buffer,
    private readonly now: () => number,
  ) {
    // A cookie name is an HTTP token; whatever else a config may call a server becomes an underscore.
    this.name = `Environment___${instance.replace(/[^A-Za-z0-9_.-]/g, '_')}`;
  }

  /** The signed name of a session: what the cookie holds. */
  value(sessionId: string): string {
    const payload = Buffer.from(JSON.stringify({ session_id: sessionId })).toString('base64url');
    const signed = `${payload}.${Math.floor(this.now() / 1000).toString(36)}`;
    return `${signed}.${this.sign(signed)}`;
  }

  /** Value of a `Set-Cookie` header. */
  issue(sessionId: string): string {
    const value = this.value(sessionId);
    return `${this.name}=${value}; path=/; Max-Age=${MAX_AGE_S}; httponly; samesite=lax`;
  }

  /** Session id of a `Cookie` header; null when there is none, or it is forged, foreign or too old. */
  read(header: string | undefined): string | null {
    for (const pair of (header ?? '').split(';')) {
      const at = pair.indexOf('=');
      if (at === -1 || pair.slice(0, at).trim() !== this.name) continue;
      const id = this.verify(pair.slice(at + 1).trim());
      if (id !== null) return id;
    }
    return null;
  }

  /** Session id of a signed name; null when it is forged, foreign or too old. */
  verify(value: string): string | null {
    const cut = value.lastIndexOf('.');
    if (cut === -1) return null;
    const signed = value.slice(0, cut);
    const given = Buffer.from(value.slice(cut + 1));
    const wanted = Buffer.from(this.sign(signed));
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
    // The signature is ours, so the parts are what we wrote.
    const [payload = '', stamp = ''] = signed.split('.');
    if (this.now() / 1000 - parseInt(stamp, 36) > MAX_AGE_S) return null;
    const { session_id: id } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as {
      session_id: string;
    };
    return id;
  }

  private sign(text: string): string {
    return createHmac('sha256', this.key).update(text).digest('base64url');
  }
}
