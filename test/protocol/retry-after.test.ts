import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration, readRetryAfter } from '../../src/protocol/index.js';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const wait = (headers: Record<string, string>, body: unknown = ''): number | undefined =>
  readRetryAfter(headers, typeof body === 'string' ? body : JSON.stringify(body), NOW);

describe('readRetryAfter', () => {
  it.each([
    [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
    [{ 'x-ms-retry-after-ms': '300', 'retry-after': '9' }, 300],
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after': '1.5' }, 1500],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:07 GMT' }, 7000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 0],
    [
      {
        'anthropic-ratelimit-tokens-remaining': '0',
        'anthropic-ratelimit-tokens-reset': '2026-01-01T00:00:30Z',
      },
      30_000,
    ],
    [{ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '12ms' }, 12],
    [
      {
        'x-ratelimit-remaining-requests': '5',
        'x-ratelimit-reset-requests': '1s',
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-tokens': '6m0s',
      },
      360_000,
    ],
    [{ 'x-ratelimit-remaining-requests': '5', 'x-ratelimit-reset-requests': '1s' }, undefined],
    [{}, undefined],
    [{ 'retry-after': 'soon' }, undefined],
  ])('%j', (headers, expected) => {
    expect(wait(headers as Record<string, string>)).toBe(expected);
  });

  it.each([
    [{ error: { details: [{ '@type': 'x' }, { retryDelay: '39s' }] } }, 39_000],
    [[{ error: { details: [{ retryDelay: '45.8s' }] } }], 45_800],
    [{ retry_after: 3 }, 3000],
    [{ error: { retry_after: 0.5 } }, 500],
    [{ error: { message: 'Please retry in 4.5s.' } }, 4500],
    [{ error: { message: 'Please try again in 6m0s. Visit …' } }, 360_000],
    ['Rate limited: retry after 20 seconds', 20_000],
    ['no hint', undefined],
  ])('body %j', (body, expected) => {
    expect(wait({}, body)).toBe(expected);
  });

  it('prefers headers to the body', () => {
    expect(wait({ 'retry-after': '1' }, { retry_after: 9 })).toBe(1000);
  });

  it('reads durations', () => {
    expect(parseDuration('1h2m3.5s')).toBe(3_723_500);
    expect(parseDuration('5')).toBeUndefined();
    expect(parseDuration('')).toBeUndefined();
  });

  it('gives a wait of zero or more, or nothing, for anything', () => {
    fc.assert(
      fc.property(fc.string(), fc.oneof(fc.string(), fc.json()), (value, body) => {
        const ms = readRetryAfter({ 'retry-after': value, 'x-ratelimit-reset-tokens': value }, body, NOW);
        expect(ms === undefined || ms >= 0).toBe(true);
      }),
    );
  });
});
