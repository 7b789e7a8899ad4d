import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseOverride } from '../../src/config/override/index.js';
import { textValue } from '../../src/cli/text-value.js';
import { isQuoted, quote } from '../../src/cli/quote.js';

/** What the override grammar makes of a value. */
function read(value: string): unknown {
  return parseOverride(`+key=${value}`).value;
}

describe('quote', () => {
  it('escapes the delimiter and the backslashes before it only', () => {
    expect(quote('a=b?c')).toBe("'a=b?c'");
    expect(quote("it's")).toBe('"it\'s"');
    expect(quote(`a'b"c`)).toBe(`'a\\'b"c'`);
    expect(quote('C:\\x\\y')).toBe("'C:\\x\\y'");
    expect(quote('C:\\x\\')).toBe("'C:\\x\\\\'");
  });

  it('is undone by the override grammar for every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(read(quote(text))).toBe(text);
        expect(isQuoted(quote(text))).toBe(true);
      }),
    );
  });
});

describe('textValue', () => {
  it('leaves plain words bare and quotes whatever the grammar would read otherwise', () => {
    expect(textValue('results/a-b_1.jsonl')).toBe('results/a-b_1.jsonl');
    expect(textValue('https://host:8000/v1')).toBe('https://host:8000/v1');
    for (const special of ['true', 'NULL', 'inf', '12', '1e3', '.5', 'a=b', 'u?k=v', 'a,b', '~/x', 'é', '']) {
      expect(textValue(special)).toBe(`'${special}'`);
    }
  });

  it('reads back as the same text, whatever it is', () => {
    const words = fc.constantFrom('true', 'null', 'NaN', '1e5', '.5', 'a=b', '/x', 'v1', 'x?k=v', '~', ' a ');
    fc.assert(
      fc.property(fc.oneof(fc.string(), words), (text) => {
        fc.pre(!isQuoted(text));
        expect(read(textValue(text))).toBe(text);
      }),
    );
  });

  it('passes a text that is quoted already, the way round of the reference', () => {
    expect(textValue("'a=b.jsonl'")).toBe("'a=b.jsonl'");
    expect(textValue('"a=b.jsonl"')).toBe('"a=b.jsonl"');
  });
});
