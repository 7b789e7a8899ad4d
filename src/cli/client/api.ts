import type { Target } from './settings.js';

/** The platform said no, or did not answer: exit code 3. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError';

  constructor(
    message: string,
    /** 0 where nothing answered. */
    readonly status: number,
  ) {
    super(message);
  }
}

export interface Api {
  readonly target: Target;
  /** The parsed reply; null for one without a body. Throws {@link RemoteError}. */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  /** The reply while it comes. Throws {@link RemoteError}. */
  open(method: string, path: string, body?: unknown): Promise<Response>;
}

export function createApi(target: Target): Api {
  const open: Api['open'] = async (method, path, body) => {
    let reply: Response;
    try {
      reply = await fetch(target.baseUrl + path, {
        method,
        headers: {
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(target.token !== null && { authorization: `Bearer ${target.token}` }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch (error) {
      const { cause } = error as { cause?: { code?: string; message?: string } };
      const why = cause?.code ?? cause?.message ?? 'no connection';
      throw new RemoteError(
        `The platform at ${target.baseUrl} does not answer (${why}). Start it with "ng platform start".`,
        0,
      );
    }
    if (!reply.ok) throw new RemoteError(detailOf(await reply.text(), reply.status), reply.status);
    return reply;
  };
  return {
    target,
    open,
    async call(method, path, body) {
      const text = await (await open(method, path, body)).text();
      return text === '' ? null : (JSON.parse(text) as unknown);
    },
  };
}

function detailOf(text: string, status: number): string {
  let detail: unknown = text;
  try {
    detail = (JSON.parse(text) as { detail?: unknown }).detail ?? text;
  } catch {
    // Its own words.
  }
  if (Array.isArray(detail)) {
    const faults = detail as { loc?: unknown[]; msg?: string }[];
    detail = faults.map(({ loc = [], msg = '' }) => `${loc.join('.')}: ${msg}`).join('; ');
  }
  return `${typeof detail === 'string' ? detail : JSON.stringify(detail)} (HTTP ${status})`;
}
