import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compactJson, members, objectText, setMember } from '../../src/rollouts/text/json-text.js';
import { parseLossless, writeCompact, writePython } from '../../src/python/index.js';

describe('JSON as text', () => {
  it('removes spaces and needless escapes, and keeps every number as it is written', () => {
    expect(compactJson(' { "a" : [ 1.0 , 1e5, 12345678901234567890 ] , "b c": "x  y" } ')).toBe(
      '{"a":[1.0,1e5,12345678901234567890],"b c":"x  y"}',
    );
    expect(compactJson('["\\u00e9\\/\\u0007\\"\\\\", "\\\\"]')).toBe('["é/\\u0007\\"\\\\","\\\\"]');
  });

  it('takes an object apart and puts it together again', () => {
    const list = members('{"a":{"x":[1,{"y":"},"}]},"b":"c,d","e":1.0,"a":2}');
    expect(list).toEqual([
      { key: 'a', raw: '2' },
      { key: 'b', raw: '"c,d"' },
      { key: 'e', raw: '1.0' },
    ]);
    setMember(list, 'b', 'null');
    setMember(list, 'new', '[]');
    expect(objectText(list)).toBe('{"a":2,"b":null,"e":1.0,"new":[]}');
    expect(members('{}')).toEqual([]);
  });

  it('agrees with JSON.parse and JSON.stringify on any value, in any spacing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 4 }), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(compactJson(text)).toBe(JSON.stringify(value));
        expect(writeCompact(parseLossless(text))).toBe(JSON.stringify(value));
        expect(JSON.parse(writePython(parseLossless(text)))).toEqual(JSON.parse(text));
        if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
          expect(JSON.parse(objectText(members(JSON.stringify(value))))).toEqual(JSON.parse(text));
        }
      }),
    );
  });

  it('writes as Python json.dumps does', () => {
    expect(writePython(parseLossless('{"é":"😀\\u007f","n":[1,1.0,1e22,-0.0,true,null]}'))).toBe(
      '{"\\u00e9": "\\ud83d\\ude00\\u007f", "n": [1, 1.0, 1e+22, -0.0, true, null]}',
    );
  });
});
