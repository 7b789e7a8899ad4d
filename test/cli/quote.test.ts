import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textValue } from '../../src/cli/overrides.js';
import { isQuoted, quote } from '../../src/cli/quote.js';

/** The override grammar's own rule: an escaped delimiter, and the backslashes before it, are unescaped. */
function unquote(text: string): string {
  const delimiter = text[0]!;
  return text
    .slice(1, -1)
    .replace(new RegExp(`(\\\\+)(${delimiter}|$)`, 'g'), (_, slashes: string, end: string) =>
      '\\'.repeat(slashes.length >> 1).concat(end),
    );
}

describe('quote', () => {
  it('escapes the delimiter and the backslashes before it only', () => {
    expect(quote('a=b?c')).toBe("'a=b?c'");
    expect(quote("it's")).toBe('"it\'s"');
    expect(quote(`a'b"c`)).toBe(`'a\\'b"c'`);
    expect(quote('C:\\x\\y')).toBe("'C:\\x\\y'");
    expect(quote('C:\\x\\')).toBe("'C:\\x\\\\'");
  });

  it('is undone by the grammar for every text', () => {
    fc.assert(fc.property(fc.string(), (text) => unquote(quote(text)) === text && isQuoted(quote(text))));
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

  it('passes a text that is quoted already, the way round of the reference', () => {
    expect(textValue("'a=b.jsonl'")).toBe("'a=b.jsonl'");
    expect(textValue('"a=b.jsonl"')).toBe('"a=b.jsonl"');
  });
});
