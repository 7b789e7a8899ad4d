import type { HeaderFields } from './headers.js';
import { header } from './headers.js';
import type { Json } from './json.js';
import { isObject } from './json.js';

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Go-style durations: `12ms`, `1s`, `6m0s`, `1h2m3.5s`. Milliseconds, or undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(amount) * UNIT_MS[unit!]!;
  }
  return total;
}

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}

function until(text: string | undefined, now: number): number | undefined {
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

function fromHeaders(headers: HeaderFields, now: number): number | undefined {
  for (const name of ['retry-after-ms', 'x-ms-retry-after-ms']) {
    const ms = number(header(headers, name));
    if (ms !== undefined) return ms;
  }
  const after = header(headers, 'retry-after');
  const seconds = number(after);
  if (seconds !== undefined) return seconds * 1000;
  return after === undefined ? undefined : (parseDuration(after) ?? until(after, now));
}

/** The reset that ends the wait: the latest among the exhausted limits, or of all when none says how much is left. */
function fromResets(headers: HeaderFields, now: number): number | undefined {
  let exhausted: number | undefined;
  let any: number | undefined;
  for (const name of Object.keys(headers)) {
    const anthropic = /^anthropic-ratelimit-(.+)-reset$/.exec(name);
    const other = /^x-ratelimit-reset-(.+)$/.exec(name);
    if (anthropic === null && other === null) continue;
    const value = header(headers, name);
    const ms =
      anthropic === null
        ? (parseDuration(value ?? '') ?? scaled(number(value), now) ?? until(value, now))
        : until(value, now);
    if (ms === undefined) continue;
    const left = header(
      headers,
      anthropic === null
        ? `x-ratelimit-remaining-${other![1]!}`
        : `anthropic-ratelimit-${anthropic[1]!}-remaining`,
    );
    if (number(left) === 0) exhausted = Math.max(exhausted ?? 0, ms);
    if (left === undefined) any = Math.max(any ?? 0, ms);
  }
  return exhausted ?? any;
}

/** A bare number is seconds to wait, or, when it is that large, the epoch second or millisecond of the reset. */
function scaled(value: number | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (value > 1e11) return Math.max(0, value - now);
  if (value > 1e8) return Math.max(0, value * 1000 - now);
  return value * 1000;
}

function fromDetails(details: Json | undefined): number | undefined {
  if (!Array.isArray(details)) return undefined;
  for (const detail of details) {
    const delay = isObject(detail) ? detail['retryDelay'] : undefined;
    const ms = typeof delay === 'string' ? parseDuration(delay) : undefined;
    if (ms !== undefined) return ms;
  }
  return undefined;
}

function fromObject(body: Json, depth: number): number | undefined {
  if (depth > 2) return undefined;
  if (Array.isArray(body)) return body.length > 0 ? fromObject(body[0]!, depth + 1) : undefined;
  if (!isObject(body)) return undefined;
  const delay = fromDetails(body['details']);
  if (delay !== undefined) return delay;
  const after = body['retry_after'];
  if (typeof after === 'number' && after >= 0) return after * 1000;
  if (typeof after === 'string') return parseDuration(after) ?? scaled(number(after), 0);
  return body['error'] === undefined ? undefined : fromObject(body['error'], depth + 1);
}

function fromText(text: string): number | undefined {
  const found =
    /(?:retry|try again|available)(?:\s+\w+){0,2}?\s+(?:in|after)\s+((?:\d+(?:\.\d+)?\s*(?:ms|milliseconds?|s|sec(?:ond)?s?|m|min(?:ute)?s?|h|hours?)\s*)+)/i.exec(
      text.slice(0, 4000),
    );
  if (found === null) return undefined;
  const words = found[1]!
    .toLowerCase()
    .replace(/milliseconds?/g, 'ms')
    .replace(/sec(?:ond)?s?/g, 's')
    .replace(/min(?:ute)?s?/g, 'm')
    .replace(/hours?/g, 'h')
    .replace(/\s+/g, '');
  return parseDuration(words);
}

/**
 * How long the provider asks us to wait, in milliseconds; undefined when it does not say. Looks, in this order,
 * at `retry-after-ms`, `x-ms-retry-after-ms`, `retry-after` (seconds or HTTP date), the reset headers of
 * exhausted limits, `details[].retryDelay` and `retry_after` of the body, and words such as "retry in 3 s".
 *
 * @param body the response body as text; it need not be JSON
 * @param now epoch milliseconds
 */
export function readRetryAfter(headers: HeaderFields, body: string, now: number): number | undefined {
  const told = fromHeaders(headers, now) ?? fromResets(headers, now);
  if (told !== undefined) return told;
  if (/^\s*[[{]/.test(body)) {
    try {
      const inBody = fromObject(JSON.parse(body) as Json, 0);
      if (inBody !== undefined) return inBody;
    } catch {
      // Not JSON after all: the words are left.
    }
  }
  return fromText(body);
}
