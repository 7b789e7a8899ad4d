import type { Clock } from '../../src/protocol/index.js';
import { CallFailure } from '../../src/protocol/index.js';
import type { Transport, TransportOptions, WireRequest } from '../../src/transport/index.js';
import { createRedactor, createTransport, systemClock } from '../../src/transport/index.js';

/** Real time for timers, but waits between attempts are noted and skipped. */
export function skippingClock(): Clock & { waits: number[] } {
  const waits: number[] = [];
  return {
    waits,
    now: () => Date.now(),
    after: (ms, callback) => systemClock.after(ms, callback),
    sleep(ms, signal) {
      waits.push(ms);
      return signal?.aborted === true ? Promise.reject(signal.reason as Error) : Promise.resolve();
    },
  };
}

export function testTransport(options: Partial<TransportOptions> = {}): Transport {
  return createTransport({
    name: 'policy_model',
    maxConcurrent: 10,
    adaptive: false,
    clock: skippingClock(),
    random: () => 0.5,
    redactor: createRedactor(),
    ...options,
  });
}

export function chatWire(
  baseUrl: string,
  prompt = 'hi',
  more: Partial<WireRequest<string>> = {},
): WireRequest<string> {
  return {
    model: 'policy_model',
    url: `${baseUrl}/chat/completions`,
    endpoint: 'chat/completions',
    headers: { authorization: 'Bearer sk-test' },
    body: JSON.stringify({ model: 'stub', messages: [{ role: 'user', content: prompt }] }),
    replaySafe: true,
    read(body) {
      const text = (body as { choices?: { message?: { content?: unknown } }[] }).choices?.[0]?.message
        ?.content;
      if (typeof text !== 'string') throw new CallFailure('garbage_reply', 'no text', { retryable: true });
      return text;
    },
    ...more,
  };
}

/** The failure that a promise ends in; anything else is an error of the test. */
export async function failureOf(promise: Promise<unknown>): Promise<CallFailure> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof CallFailure) return error;
    throw error;
  }
  throw new Error('expected a failure');
}
