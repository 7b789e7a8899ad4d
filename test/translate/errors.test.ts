import { describe, expect, it } from 'vitest';
import { CallFailure, FAILURE_KINDS } from '../../src/protocol/index.js';
import { writeError } from '../../src/translate/index.js';

describe('error replies', () => {
  const failure = new CallFailure('rate_limited', 'slow down', {
    status: 429,
    retryAfterMs: 1500,
    providerCode: 'rate_limit_exceeded',
  });

  it('keep status, code, message and wait in the OpenAI dialects', () => {
    for (const dialect of ['responses', 'chat'] as const) {
      expect(writeError(dialect, failure)).toEqual({
        status: 429,
        headers: { 'retry-after': '2' },
        body: {
          error: { message: 'slow down', type: 'rate_limit_error', param: null, code: 'rate_limit_exceeded' },
        },
      });
    }
  });

  it('and in Messages', () => {
    expect(writeError('messages', failure)).toMatchObject({
      status: 429,
      body: { type: 'error', error: { type: 'rate_limit_error', message: 'slow down' } },
    });
  });

  it.each(FAILURE_KINDS)('%s has an error status in every dialect', (kind) => {
    for (const dialect of ['responses', 'chat', 'messages'] as const) {
      const { status, body } = writeError(dialect, new CallFailure(kind, 'why'));
      expect(status).toBeGreaterThanOrEqual(400);
      expect(JSON.stringify(body)).toContain('why');
    }
  });

  it('what cannot be translated is the caller’s mistake', () => {
    expect(writeError('chat', new CallFailure('untranslatable', 'x')).status).toBe(400);
  });
});
