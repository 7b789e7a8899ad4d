import type { FailureKind } from './failure.js';
import type { HeaderFields } from './headers.js';
import { header } from './headers.js';
import type { Json, JsonObject } from './json.js';
import { isObject } from './json.js';

/** What an error reply says, whatever its shape. */
export interface ErrorInfo {
  kind: FailureKind;
  /** The provider's words, one line, at most 500 characters, credentials masked. Never empty. */
  message: string;
  /** The provider's own code or type, or null. */
  code: string | null;
  /** Asking again may help. */
  retryable: boolean;
}

/** The parts of an error body before they are judged. */
interface Parts {
  message?: string;
  code?: string;
  type?: string;
}

const MAX_MESSAGE = 500;

/** Masks what looks like a credential; secrets that are known are removed by value elsewhere. */
export function maskCredentials(text: string): string {
  return text
    .replace(/\b(Bearer|Basic|Api-Key)\s+[\w.~+/=-]{6,}/gi, '$1 ***')
    .replace(/\b(sk|pk|rk|nvapi|hf|fw|gsk|tgp|AIza)([-_]?)[\w-]{12,}/g, '$1$2***');
}

function tidy(text: string): string {
  const line = maskCredentials(text).replace(/\s+/g, ' ').trim();
  return line.length > MAX_MESSAGE ? `${line.slice(0, MAX_MESSAGE - 1)}…` : line;
}

function word(value: Json | undefined): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  return typeof value === 'number' ? String(value) : undefined;
}

/** FastAPI validation errors: `[{loc, msg}]`. */
function fromDetailList(list: Json[]): string {
  return list
    .slice(0, 5)
    .map((entry) => {
      if (!isObject(entry)) return typeof entry === 'string' ? entry : JSON.stringify(entry);
      const loc = Array.isArray(entry['loc']) ? entry['loc'].map(word).join('.') : '';
      const msg = word(entry['msg']) ?? word(entry['message']) ?? JSON.stringify(entry);
      return loc === '' ? msg : `${loc}: ${msg}`;
    })
    .join('; ');
}

function fromDetail(detail: Json | undefined): Parts | undefined {
  if (typeof detail === 'string') return { message: detail };
  if (Array.isArray(detail)) return { message: fromDetailList(detail) };
  return isObject(detail) ? fromErrorObject(detail) : undefined;
}

function fromErrorObject(error: JsonObject): Parts {
  const metadata = isObject(error['metadata']) ? error['metadata'] : undefined;
  const raw = metadata === undefined ? undefined : word(metadata['raw']);
  const inner = isObject(error['message']) ? fromAny(error['message']) : undefined;
  const said = word(error['message']) ?? inner?.message ?? fromDetail(error['detail'])?.message;
  const parts: Parts = {};
  const message = raw !== undefined && said !== undefined ? `${said} (${raw})` : (said ?? raw);
  const code = word(error['code']) ?? word(error['status']) ?? word(error['errorcode']);
  const type = word(error['type']);
  if (message !== undefined) parts.message = message;
  if (code !== undefined) parts.code = code;
  if (type !== undefined) parts.type = type;
  return parts;
}

function fromFault(fault: JsonObject): Parts {
  const detail = isObject(fault['detail']) ? word(fault['detail']['errorcode']) : undefined;
  const message = word(fault['faultstring']) ?? detail;
  return {
    ...(message === undefined ? {} : { message }),
    ...(detail === undefined ? {} : { code: detail }),
  };
}

function fromAny(body: Json): Parts {
  if (typeof body === 'string') return { message: body };
  if (Array.isArray(body)) return body.length > 0 ? fromAny(body[0]!) : {};
  if (!isObject(body)) return {};
  const { error, detail, fault } = body;
  if (typeof error === 'string') return { ...fromErrorObject(body), message: error };
  if (isObject(error)) return fromErrorObject(error);
  if (Array.isArray(error) && error.length > 0) return fromAny(error);
  if (isObject(fault)) return fromFault(fault);
  const parts = fromErrorObject(body);
  if (parts.message !== undefined) return parts;
  const told = fromDetail(detail) ?? {};
  const title = word(body['title']);
  return { ...parts, ...(title === undefined ? {} : { message: title }), ...told };
}

function fromHtml(text: string): Parts {
  const title = /<(?:title|h1)[^>]*>([^<]+)</i.exec(text);
  const plain = title?.[1] ?? text.replace(/<[^>]*>/g, ' ');
  return { message: plain };
}

function parse(body: string): Parts {
  const trimmed = body.trim();
  if (trimmed === '') return {};
  if (trimmed.startsWith('<')) return fromHtml(trimmed.slice(0, 20_000));
  try {
    return fromAny(JSON.parse(trimmed) as Json);
  } catch {
    return { message: trimmed.slice(0, 2000) };
  }
}

const FINAL_CODES =
  /insufficient_quota|billing|spend|credit|payment|quota_exceeded_for_day|account_deactivated|out_of_credits/i;
const FINAL_WORDS =
  /exceeded your current quota|insufficient (?:funds|balance|credits?)|credit balance|billing|spend(?:ing)? limit|per ?day|daily (?:limit|quota)|free-models-per-day|payment required/i;
const OVERFLOW =
  /context[_ ](?:length|window)|maximum context|too many (?:input )?tokens|prompt is too long|input (?:is )?too long|exceeds? the (?:model'?s )?(?:maximum )?(?:context|sequence)|reduce the length|longer than the model/i;
const POLICY =
  /content[_ ](?:policy|filter)|responsible ?ai|moderation|flagged|safety (?:system|policy)|invalid_prompt/i;

function statusKind(status: number): FailureKind {
  if (status === 401) return 'auth';
  if (status === 402) return 'quota_exhausted';
  if (status === 403 || status === 412) return 'permission';
  if (status === 404 || status === 410) return 'not_found';
  if (status === 429) return 'rate_limited';
  if (status === 503 || status === 529 || status === 520) return 'overloaded';
  // 499: a proxy on the way gave up.
  if (status >= 500 || [408, 409, 425, 499].includes(status)) return 'server_error';
  return 'bad_request';
}

function judge(status: number, parts: Parts): FailureKind {
  const codes = `${parts.code ?? ''} ${parts.type ?? ''}`;
  const message = parts.message ?? '';
  const kind = statusKind(status);
  if (kind === 'rate_limited') {
    return FINAL_CODES.test(codes) || FINAL_WORDS.test(message) ? 'quota_exhausted' : kind;
  }
  if (kind === 'bad_request' || kind === 'permission') {
    if (OVERFLOW.test(codes) || OVERFLOW.test(message)) return 'context_overflow';
    if (POLICY.test(codes) || POLICY.test(message)) return 'content_policy';
    if (status !== 403 && (FINAL_CODES.test(codes) || /credit balance is too low/i.test(message))) {
      return 'quota_exhausted';
    }
  }
  if (kind === 'server_error' && /overloaded/i.test(`${codes} ${message}`)) return 'overloaded';
  return kind;
}

const RETRYABLE: ReadonlySet<FailureKind> = new Set(['rate_limited', 'overloaded', 'server_error']);

/**
 * Reads an HTTP error reply of any provider: the standard `{error:{message,type,param,code}}`, `{error:"…"}`,
 * `{detail}`, `{message}`, arrays of these, Anthropic's envelope, problem details, `{fault}`, HTML, plain text
 * and nothing at all. Never throws.
 *
 * @param status the HTTP status
 * @param headers `x-should-retry: true|false` decides over what the status suggests
 * @param body the body as text
 */
export function readErrorBody(status: number, headers: HeaderFields, body: string): ErrorInfo {
  const parts = parse(body);
  const kind = judge(status, parts);
  const should = header(headers, 'x-should-retry');
  const retryable = should === 'true' || (should !== 'false' && RETRYABLE.has(kind));
  const message = tidy(parts.message ?? '');
  const code = parts.code ?? parts.type ?? null;
  return {
    kind,
    message: message === '' ? `HTTP ${status} without an explanation` : message,
    // A code that only repeats the status says nothing.
    code: code === String(status) ? (parts.type ?? null) : code,
    retryable,
  };
}

/** The error that a 200 body or stream event carries in place of a reply, or undefined when it carries none. */
export function readInBandError(body: JsonObject): ErrorInfo | undefined {
  const { error } = body;
  const present =
    body['type'] === 'error' ||
    body['object'] === 'error' ||
    (error !== undefined && error !== null && error !== '' && error !== false);
  if (!present) return undefined;
  const parts = fromAny(body);
  const status = Number(parts.code);
  const known = Number.isInteger(status) && status >= 400 && status < 600;
  const kind = known ? judge(status, parts) : judgeCode(parts);
  const message = tidy(parts.message ?? '');
  return {
    kind,
    message: message === '' ? 'error without an explanation' : message,
    code: parts.code ?? parts.type ?? null,
    retryable: kind === 'in_band_error' || RETRYABLE.has(kind),
  };
}

/** An in-band error without a status: the provider's word for it decides. */
function judgeCode(parts: Parts): FailureKind {
  const codes = `${parts.code ?? ''} ${parts.type ?? ''}`;
  const message = parts.message ?? '';
  if (FINAL_CODES.test(codes)) return 'quota_exhausted';
  if (/rate_limit/i.test(codes)) return 'rate_limited';
  if (/overloaded/i.test(codes)) return 'overloaded';
  if (/authentication/i.test(codes)) return 'auth';
  if (/permission/i.test(codes)) return 'permission';
  if (OVERFLOW.test(codes) || OVERFLOW.test(message)) return 'context_overflow';
  if (POLICY.test(codes)) return 'content_policy';
  if (/invalid_request/i.test(codes)) return 'bad_request';
  return 'in_band_error';
}
