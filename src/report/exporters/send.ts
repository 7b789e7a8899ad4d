const LONGEST_MS = 60_000;
const SHOWN = 300;

/** What a destination answered that was not a success. */
export class ExportError extends Error {
  constructor(
    message: string,
    readonly status: number | null = null,
    /** The destination's own name of the error. */
    readonly code: string | null = null,
  ) {
    super(message);
  }
}

export interface Sending {
  method: 'GET' | 'POST' | 'PUT';
  headers?: Readonly<Record<string, string>>;
  /** A text goes whole, pieces go as they come. */
  body?: string | AsyncIterable<Uint8Array>;
}

function codeOf(text: string): string | null {
  try {
    const { error_code: code } = JSON.parse(text) as { error_code?: unknown };
    return typeof code === 'string' ? code : null;
  } catch {
    return null;
  }
}

/** One request; gives the answer's text. Throws {@link ExportError}, without the address's query or credentials. */
export async function send(url: URL, { method, headers = {}, body }: Sending): Promise<string> {
  const place = `${url.protocol}//${url.host}${url.pathname}`;
  // Node's fetch refuses addresses with credentials; they become a header.
  const bare = new URL(url);
  const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  bare.username = '';
  bare.password = '';
  const basic: Record<string, string> =
    login === ':' ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` };
  const init = { method, headers: { ...basic, ...headers }, signal: AbortSignal.timeout(LONGEST_MS) };
  let response: Response;
  let text: string;
  try {
    const more = body === undefined ? {} : { body, duplex: 'half' };
    response = await fetch(bare, { ...init, ...more } as RequestInit);
    text = await response.text();
  } catch (error) {
    const { cause, message } = error as Error;
    throw new ExportError(`${place}: ${cause instanceof Error ? cause.message : message}`);
  }
  if (response.ok) return text;
  throw new ExportError(
    `${place}: status ${response.status}: ${text.slice(0, SHOWN)}`,
    response.status,
    codeOf(text),
  );
}
