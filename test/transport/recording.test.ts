import { describe, expect, it } from 'vitest';
import {
  canonicalJson,
  describeDifference,
  digest,
  nearestRequest,
  replyText,
  storedReply,
} from '../../src/transport/index.js';

describe('canonical JSON', () => {
  it('does not depend on the order of keys', () => {
    expect(canonicalJson({ b: [1, { y: null, x: 'ä' }], a: true })).toBe(
      '{"a":true,"b":[1,{"x":"ä","y":null}]}',
    );
    expect(digest(canonicalJson({ a: 1, b: 2 }))).toBe(digest(canonicalJson({ b: 2, a: 1 })));
  });
});

describe('stored replies', () => {
  it.each(['{"a":1}', '{"a":1.0}', '{ "a": 1 }', 'data: {"x":1}\n\n', '', '{"n":1e5,"s":"\\u00e4"}'])(
    'give the bytes back: %j',
    (text) => {
      expect(replyText(storedReply(text))).toBe(text);
    },
  );
});

describe('the nearest request', () => {
  const request = (
    content: string,
    temperature = 1,
  ): { request: { messages: { content: string }[]; temperature: number } } => ({
    request: { messages: [{ content }], temperature },
  });

  it('is the one that differs least, and the differences are named', () => {
    const found = nearestRequest(request('What is 2 + 3?').request, [
      request('Name a colour.'),
      request('What is 2 + 2?', 0.5),
      request('What is 2 + 2?'),
    ]);
    expect(found!.candidate).toEqual(request('What is 2 + 2?'));
    expect(found!.differences.map(describeDifference)).toEqual([
      'messages[0].content: recorded "What is 2 + 2?", asked "What is 2 + 3?"',
    ]);
  });

  it('shows long texts around the place where they part', () => {
    const long = 'x'.repeat(500);
    const [line] = nearestRequest(request(`${long}A${long}`).request, [
      request(`${long}B${long}`),
    ])!.differences.map(describeDifference);
    expect(line).toMatch(/^messages\[0\]\.content: recorded …"x{30}Bx{29}"…, asked …"x{30}Ax{29}"…$/);
  });

  it('names what is there on one side only', () => {
    const found = nearestRequest({ a: 1, tools: [1] }, [{ request: { a: 1, seed: 7 } }])!;
    expect(found.differences.map(describeDifference)).toEqual([
      'seed: recorded 7, asked nothing',
      'tools: recorded nothing, asked [1]',
    ]);
  });

  it('is nothing when nothing is recorded', () => {
    expect(nearestRequest({ a: 1 }, [])).toBeUndefined();
  });
});
