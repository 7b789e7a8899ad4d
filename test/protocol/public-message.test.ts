import { describe, expect, it } from 'vitest';
import { CallFailure, publicMessage } from '../../src/protocol/index.js';

const told = (message: string, status = 500) => publicMessage(new CallFailure('auth', message, { status }));

describe('what a client is told of a failure', () => {
  it('has the words without the address of the provider', () => {
    expect(told('http://127.0.0.1:43911/v1/chat/completions: HTTP 500: boom inside')).toBe(
      'HTTP 500: boom inside',
    );
    expect(told('http://10.0.0.7:1: nothing accepts connections there. (ECONNREFUSED)')).toBe(
      'nothing accepts connections there. (ECONNREFUSED)',
    );
    expect(told('http://[::1]:8000/v1: HTTP 500: x')).toBe('HTTP 500: x');
    expect(told('http://vllm asked for no requests for another 3 s.')).toBe(
      'the provider asked for no requests for another 3 s.',
    );
  });

  it('has it nowhere in the words either, and keeps other links', () => {
    const text = 'https://vllm.lan:8000/v1: HTTP 401: see https://docs.test/keys or (vllm.lan:8000) now';
    expect(told(text)).toBe('HTTP 401: see https://docs.test/keys or the provider now');
    expect(told('http://vllm/v1: HTTP 404: the model vllm is not there')).toContain('the model vllm is');
    expect(told('http://a: HTTP 302, moved to http://b/x. Change base_url.', 302)).not.toContain('//b');
  });

  it('is the message itself where there is no address', () => {
    expect(told('tool "x": see http://127.0.0.1:1/y')).toBe('tool "x": see http://127.0.0.1:1/y');
  });
});
