import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/transport/index.js';

const SECRET = 'sk-p/9+a=b "ünïcode" \\ 0123456789';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('the redactor', () => {
  const forms: [string, string][] = [
    ['plain', SECRET],
    ['JSON', JSON.stringify(SECRET)],
    ['JSON in JSON', JSON.stringify(JSON.stringify(SECRET))],
    ['JSON beyond ASCII escaped', '"sk-p/9+a=b \\"\\u00fcn\\u00efcode\\" \\\\ 0123456789"'],
    ['JSON with escaped slashes', JSON.stringify(SECRET).replaceAll('/', '\\/')],
    ['URL', encodeURIComponent(SECRET)],
    ['URL twice', encodeURIComponent(encodeURIComponent(SECRET))],
    ['form', encodeURIComponent(SECRET).replaceAll('%20', '+')],
    ['base64', base64(SECRET)],
    ['base64 of user and secret', base64(`user:${SECRET}`)],
    ['base64 one further', base64(`users:${SECRET}`)],
    ['base64 two further', base64(`a user:${SECRET} and more`)],
    ['base64url', Buffer.from(SECRET).toString('base64url')],
    ['hex', Buffer.from(SECRET).toString('hex')],
  ];
  it.each(forms)('removes a secret written as %s', (_name, text) => {
    const cleaned = createRedactor([SECRET]).text(`before ${text} after`);
    expect(cleaned).toContain('***');
    expect(cleaned).toMatch(/^before .* after$/);
    expect(cleaned.length).toBeLessThan(text.length);
    // What is left of a base64 text around the secret must not give away more than two of its characters.
    const rest = cleaned.replace(/^before |\*\*\*| after$/g, '');
    expect(Buffer.from(rest, 'base64').toString()).not.toContain(SECRET.slice(0, 6));
    expect(rest).not.toContain('0123456789');
  });

  it('removes every secret of any text, at any place', () => {
    const secret = fc
      .string({ minLength: 8, maxLength: 40, unit: 'grapheme' })
      .filter((s) => s.trim().length >= 6);
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 3 }),
        fc.string(),
        fc.string(),
        (secrets, a, b) => {
          const redactor = createRedactor(secrets);
          for (const value of secrets) {
            const text = a + value + b;
            if (!redactor.text(text).includes('***')) return false;
            if (redactor.text(value).includes(value)) return false;
          }
          return true;
        },
      ),
    );
  });

  it('leaves a text without secrets alone, placeholders and short values too', () => {
    const redactor = createRedactor([SECRET, 'embedded', 'none', 'dummy_key', '', '   ']);
    for (const text of ['nothing here', 'an embedded model', 'none of these', '***'])
      expect(redactor.text(text)).toBe(text);
  });

  it('takes the longer secret first', () => {
    expect(createRedactor(['abcdefgh', 'abcdefghijkl']).text('abcdefghijkl')).toBe('***');
  });

  it('knows what was added later', () => {
    const redactor = createRedactor();
    redactor.add(['late-secret']);
    expect(redactor.text('a late-secret')).toBe('a ***');
  });
});
