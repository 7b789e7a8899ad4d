/**
 * The twelve ways in which providers say how long to wait; each gives headers and a body for a 429 or 503.
 *
 * @type {Record<string, (ms: number, now: number) => {headers?: Record<string, string>, error?: object}>}
 */
export const WAIT_FORMS = {
  none: () => ({}),
  'retry-after': (ms) => ({ headers: { 'retry-after': String(ms / 1000) } }),
  'retry-after-date': (ms, now) => ({ headers: { 'retry-after': new Date(now + ms).toUTCString() } }),
  'retry-after-ms': (ms) => ({ headers: { 'retry-after-ms': String(ms) } }),
  'x-ms-retry-after-ms': (ms) => ({ headers: { 'x-ms-retry-after-ms': String(ms) } }),
  'anthropic-reset': (ms, now) => ({
    headers: { 'anthropic-ratelimit-requests-reset': new Date(now + ms).toISOString() },
  }),
  'x-ratelimit-reset': (ms) => ({
    headers: { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': goDuration(ms) },
  }),
  retryDelay: (ms) => ({
    error: {
      status: 'RESOURCE_EXHAUSTED',
      details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${ms / 1000}s` }],
    },
  }),
  retry_after: (ms) => ({ error: { retry_after: ms / 1000 } }),
  message: (ms) => ({ error: { message: `Rate limit reached. Please retry in ${ms / 1000}s.` } }),
  'try-again': (ms) => ({ error: { message: `Too many requests, please try again in ${ms}ms.` } }),
};

/** @param {number} ms */
function goDuration(ms) {
  if (ms < 1000) return `${ms}ms`;
  const minutes = Math.floor(ms / 60_000);
  return `${minutes > 0 ? `${minutes}m` : ''}${(ms % 60_000) / 1000}s`;
}

/**
 * Faults that a command line or a rate table can name without parameters.
 *
 * @type {Record<string, import('./provider.d.mts').Fault>}
 */
export const NAMED_FAULTS = {
  ok: { kind: 'ok' },
  reset: { kind: 'reset' },
  reset_after_headers: { kind: 'reset_after_headers' },
  reset_mid_body: { kind: 'reset_mid_body' },
  close_mid_body: { kind: 'close_mid_body' },
  stall_before_headers: { kind: 'stall_before_headers' },
  stall_after_headers: { kind: 'stall_after_headers' },
  stall_mid_body: { kind: 'stall_mid_body' },
  half_chunks: { kind: 'half_chunks' },
  slow_drip: { kind: 'slow_drip', ms: 20 },
  garbage: { kind: 'garbage' },
  invalid_json: { kind: 'invalid_json' },
  empty: { kind: 'empty' },
  in_band_error: { kind: 'in_band_error' },
  oversized: { kind: 'oversized' },
  no_done: { kind: 'no_done' },
  invalid_event: { kind: 'invalid_event' },
  truncate: { kind: 'truncate' },
  rate_limited: { kind: 'status', status: 429, wait: { form: 'retry-after', ms: 1000 } },
  quota: { kind: 'status', status: 429, code: 'insufficient_quota' },
};

/**
 * A fault by name; `status_500` and its like are understood too.
 *
 * @param {string | import('./provider.d.mts').Fault} fault
 * @returns {import('./provider.d.mts').Fault}
 */
export function asFault(fault) {
  if (typeof fault !== 'string') return fault;
  const known = NAMED_FAULTS[fault];
  if (known !== undefined) return known;
  const status = /^status_(\d{3})$/.exec(fault)?.[1];
  if (status !== undefined) return { kind: 'status', status: Number(status) };
  throw new Error(`unknown fault "${fault}"; known: ${Object.keys(NAMED_FAULTS).join(', ')}, status_<code>`);
}

const MESSAGES = {
  400: 'Invalid request.',
  401: 'Incorrect API key provided.',
  403: 'You are not allowed to use this model.',
  404: 'The model does not exist.',
  429: 'Rate limit reached for requests.',
  500: 'The server had an error while processing your request.',
  503: 'The engine is currently overloaded, please try again later.',
};

/**
 * Status, headers and JSON text of an error reply in the standard form, with the wait in the asked form.
 *
 * @param {import('./provider.d.mts').StatusFault} fault
 * @param {number} now epoch milliseconds
 */
export function errorReply(fault, now) {
  const wait = WAIT_FORMS[fault.wait?.form ?? 'none']?.(fault.wait?.ms ?? 0, now) ?? {};
  const standard = {
    message: fault.message ?? MESSAGES[fault.status] ?? `Status ${fault.status}.`,
    type:
      fault.status === 429
        ? 'rate_limit_error'
        : fault.status >= 500
          ? 'server_error'
          : 'invalid_request_error',
    param: null,
    code: fault.code ?? null,
  };
  const body = fault.body ?? { error: { ...standard, ...wait.error } };
  return {
    status: fault.status,
    headers: { 'content-type': 'application/json', ...wait.headers, ...fault.headers },
    text: typeof body === 'string' ? body : JSON.stringify(body),
  };
}
