import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SseEvent } from '../../src/protocol/index.js';
import { CallFailure, encodeSse, sseDecoder } from '../../src/protocol/index.js';

function decode(pieces: Uint8Array[], limits = {}): SseEvent[] {
  const events: SseEvent[] = [];
  const decoder = sseDecoder((event) => events.push(event), limits);
  for (const piece of pieces) decoder.push(piece);
  decoder.end();
  return events;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Cuts bytes at the given fractions of their length. */
function cutAt(whole: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [...new Set(cuts.map((cut) => Math.floor(cut * whole.length)))].sort((a, b) => a - b);
  return [0, ...at].map((from, i) => whole.slice(from, at[i] ?? whole.length));
}

describe('server-sent events', () => {
  it('case 48: comments, keep-alives, unknown fields, CRLF and CR are tolerated', () => {
    const text =
      '\uFEFF: keep-alive\r\n\r\nevent: a\r\nid: 7\r\nretry: 5\r\nunknown: x\r\ndata: one\r\n\r\n\r\n: OPENROUTER\n\ndata:two\ndata: three\n\nevent: e\rdata: four\r\r';
    expect(decode([bytes(text)])).toEqual([
      { event: 'a', data: 'one' },
      { data: 'two\nthree' },
      { event: 'e', data: 'four', unfinished: true },
    ]);
  });

  it('case 49: any cut through the bytes gives the same events', () => {
    const text = 'event: x\r\ndata: {"a":"😀 東京 é"}\r\n\r\ndata: b\n\ndata: [DONE]\n\n';
    const whole = bytes(text);
    const expected = decode([whole]);
    expect(expected).toHaveLength(3);
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { maxLength: 12 }), (cuts) => {
        expect(decode(cutAt(whole, cuts))).toEqual(expected);
      }),
    );
    expect(decode([...whole].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
  });

  it('gives out a last event whose blank line is missing', () => {
    expect(decode([bytes('data: a\n\ndata: [DONE]')])).toEqual([
      { data: 'a' },
      { data: '[DONE]', unfinished: true },
    ]);
  });

  it('refuses events that outgrow the limit, also when they come in small pieces', () => {
    const piece = bytes('x'.repeat(100));
    const flood = [bytes('data: '), ...Array.from({ length: 50 }, () => piece)];
    expect(() => decode(flood, { maxEvent: 1000 })).toThrow(CallFailure);
    try {
      decode(flood, { maxEvent: 1000 });
    } catch (error) {
      expect((error as CallFailure).kind).toBe('oversized_reply');
    }
  });

  it('never throws anything else, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 8 }), (pieces) => {
        decode(pieces);
      }),
    );
  });

  it('reads what it writes', () => {
    fc.assert(
      fc.property(
        fc.option(fc.stringMatching(/^[a-z.]{1,20}$/), { nil: undefined }),
        fc.string().filter((text) => text !== '' && !text.includes('\r')),
        (event, data) => {
          const written = event === undefined ? { data } : { event, data };
          expect(decode([bytes(encodeSse(written))])).toEqual([written]);
        },
      ),
    );
  });
});
