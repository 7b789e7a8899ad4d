import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/protocol/index.js';
import { readErrorBody, readInBandError } from '../../src/protocol/index.js';

const read = (status: number, body: unknown, headers = {}) =>
  readErrorBody(status, headers, typeof body === 'string' ? body : JSON.stringify(body));

describe('readErrorBody', () => {
  it.each([
    ['OpenAI', { error: { message: 'why', type: 't', param: null, code: 'c' } }, 'why', 'c'],
    ['text error (Baseten, Hugging Face)', { error: 'why' }, 'why', null],
    ['detail text (DeepInfra, Nebius)', { detail: 'why' }, 'why', null],
    ['detail list (FastAPI)', { detail: [{ loc: ['body', 'n'], msg: 'why' }] }, 'body.n: why', null],
    ['message only (Friendli)', { message: 'why' }, 'why', null],
    [
      'array-wrapped (Gemini)',
      [{ error: { code: 400, message: 'why', status: 'INVALID_ARGUMENT' } }],
      'why',
      null,
    ],
    [
      'Anthropic',
      { type: 'error', error: { type: 'api_error', message: 'why' }, request_id: 'r' },
      'why',
      'api_error',
    ],
    ['problem details (NVIDIA)', { status: 400, title: 'why' }, 'why', null],
    ['fault (Fireworks)', { fault: { faultstring: 'why', detail: { errorcode: 'x.y' } } }, 'why', 'x.y'],
    [
      'object: error (vLLM)',
      { object: 'error', message: 'why', type: 'BadRequestError', code: 400 },
      'why',
      'BadRequestError',
    ],
    [
      'Mistral',
      { object: 'error', message: { detail: [{ loc: ['body', 'x'], msg: 'why' }] } },
      'body.x: why',
      null,
    ],
    ['OpenRouter', { error: { code: 400, message: 'wh', metadata: { raw: 'y' } } }, 'wh (y)', null],
    ['plain text', 'why', 'why', null],
    ['HTML', '<html><head><title>why</title></head><body>x</body></html>', 'why', null],
    ['nothing', '', 'HTTP 400 without an explanation', null],
  ])('%s', (_, body, message, code) => {
    const info = read(400, body);
    expect(info).toMatchObject({ message, kind: 'bad_request', retryable: false });
    expect(info.code).toBe(code);
  });

  it.each([
    [401, {}, 'auth', false],
    [402, {}, 'quota_exhausted', false],
    [403, {}, 'permission', false],
    [404, {}, 'not_found', false],
    [408, {}, 'server_error', true],
    [429, {}, 'rate_limited', true],
    [429, { error: { code: 'insufficient_quota', message: 'x' } }, 'quota_exhausted', false],
    [429, { error: { message: 'You exceeded your current quota' } }, 'quota_exhausted', false],
    [429, [{ error: { message: 'Quota exceeded for metric: PerDay' } }], 'quota_exhausted', false],
    [500, {}, 'server_error', true],
    [503, {}, 'overloaded', true],
    [529, {}, 'overloaded', true],
    [400, { error: { code: 'context_length_exceeded', message: 'x' } }, 'context_overflow', false],
    [400, { message: "This model's maximum context length is 4096 tokens" }, 'context_overflow', false],
    [400, { error: { code: 'content_filter', message: 'x' } }, 'content_policy', false],
    [400, { error: { message: 'max_tokens must be positive' } }, 'bad_request', false],
    [422, { detail: 'x' }, 'bad_request', false],
  ])('status %i with %j is %s', (status, body, kind, retryable) => {
    expect(read(status, body)).toMatchObject({ kind, retryable });
  });

  it('obeys x-should-retry', () => {
    expect(read(500, {}, { 'x-should-retry': 'false' }).retryable).toBe(false);
    expect(read(400, {}, { 'x-should-retry': 'true' }).retryable).toBe(true);
  });

  it('masks credentials and bounds the message', () => {
    const info = read(401, {
      error: { message: 'Incorrect API key provided: sk-abcdefghijklmnop1234. Bearer abcdef123456' },
    });
    expect(info.message).not.toMatch(/abcdefghijklmnop|abcdef123456/);
    expect(read(400, 'x'.repeat(5000)).message.length).toBeLessThanOrEqual(500);
  });

  it('never throws and always says something', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), fc.oneof(fc.string(), fc.json()), (status, body) => {
        expect(readErrorBody(status, {}, body).message).not.toBe('');
      }),
    );
  });
});

describe('readInBandError', () => {
  it.each<[JsonObject, string]>([
    [{ error: { message: 'x' } }, 'in_band_error'],
    [{ error: 'x' }, 'in_band_error'],
    [{ error: { code: 429, message: 'x' } }, 'rate_limited'],
    [{ error: { code: '503', message: 'x' } }, 'overloaded'],
    [{ type: 'error', error: { type: 'overloaded_error', message: 'x' } }, 'overloaded'],
    [{ object: 'error', message: 'x' }, 'in_band_error'],
  ])('%j', (body, kind) => {
    expect(readInBandError(body)).toMatchObject({ kind, message: 'x' });
  });

  it.each<JsonObject>([{}, { error: null }, { choices: [], error: '' }, { object: 'response', error: null }])(
    '%j is none',
    (body) => {
      expect(readInBandError(body)).toBeUndefined();
    },
  );
});
