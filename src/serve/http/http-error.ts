import type { Json } from '../../protocol/index.js';

/** An answer other than 200 that a handler gives on purpose: thrown, sent as JSON, never logged as a bug. */
export class HttpError extends Error {
  override readonly name = 'HttpError';

  constructor(
    readonly status: number,
    /** The body; `{detail: …}` as the reference's servers answer. */
    readonly body: Json,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`HTTP ${status}`);
  }
}

export function notFound(): HttpError {
  return new HttpError(404, { detail: 'Not Found' });
}

/** The reference's answer to a body that does not fit: one entry per fault, `loc` is the path to it. */
export function unprocessable(loc: readonly (string | number)[], message: string, type: string): HttpError {
  return new HttpError(422, { detail: [{ type, loc: ['body', ...loc], msg: message }] });
}
