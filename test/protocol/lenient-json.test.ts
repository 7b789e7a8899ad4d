import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/protocol/index.js';

describe('parseJson', () => {
  it('agrees with JSON.parse on JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(parseJson(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('case 51: reads raw control characters inside strings', () => {
    expect(parseJson('{"a":"x\ty\nz\\"\u0001"}')).toEqual({ a: 'x\ty\nz"\u0001' });
    expect(parseJson('{\n"a" :\t"b\n"}')).toEqual({ a: 'b\n' });
  });

  it.each(['', '{', '{"a":}', '"\n', 'nope'])('throws SyntaxError for %j', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });

  it('keeps polluting keys as data', () => {
    const value = parseJson('{"__proto__":{"polluted":true},"a":"\n"}') as object;
    expect(Object.keys(value)).toEqual(['__proto__', 'a']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
