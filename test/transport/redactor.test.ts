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

describe('the redactor on JSON text', () => {
  const redactor = createRedactor([SECRET]);
  const forms: [string, string][] = [
    ['plain', SECRET],
    ['JSON text in a string', JSON.stringify({ authorization: SECRET, n: [1.5, { key: SECRET }] })],
    ['JSON text in JSON text in a string', JSON.stringify(JSON.stringify([SECRET]))],
    ['JSON text with beyond-ASCII escapes', '{"a":"sk-p/9+a=b \\"\\u00fcn\\u00efcode\\" \\\\ 0123456789"}'],
    ['half a JSON text', `{"a": "${JSON.stringify(SECRET).slice(1)}`],
    ['URL', `https://host/?k=${encodeURIComponent(SECRET)}`],
    ['base64', `Basic ${base64(SECRET)}`],
    ['base64 one further', base64(`users:${SECRET}`)],
    ['base64 two further', base64(`a user:${SECRET} and more`)],
    ['base64url', Buffer.from(SECRET).toString('base64url')],
    ['hex', Buffer.from(SECRET).toString('hex')],
  ];
  it.each(forms)('removes a secret written as %s from a value, and from nothing else', (_name, value) => {
    const row = { a: 1, text: value, nested: { list: ['x', value] }, z: 'end' };
    for (const line of [JSON.stringify(row), JSON.stringify(row, null, 2)]) {
      for (const cleaned of [redactor.content(line), redactor.json(line)]) {
        const read = JSON.parse(cleaned) as typeof row;
        expect(read).toMatchObject({ a: 1, nested: { list: ['x', read.text] }, z: 'end' });
        expect(read.text).toContain('***');
        expect(cleaned).not.toContain('0123456789');
        expect(cleaned).not.toContain(Buffer.from('0123456').toString('hex'));
      }
    }
  });

  it('keeps numbers and the text of everything that holds no secret', () => {
    const line = '{"r":1.0,"big":12345678901234567890,"t":"\\u00e9 k-0123456789-key","e":"\\u00e9","x":1e3}';
    expect(createRedactor(['k-0123456789-key']).content(line)).toBe(
      '{"r":1.0,"big":12345678901234567890,"t":"é ***","e":"\\u00e9","x":1e3}',
    );
  });

  it.each(['17952651', '1795265112345678', '1795265112345678901234'])(
    'never touches a number: secret %s',
    (digits) => {
      const line = `{"created_at":${digits}55,"n":${digits},"f":-0.${digits},"args":"{\\"id\\":${digits}}"}`;
      const found = createRedactor([digits]);
      for (const cleaned of [found.content(line), found.json(line)]) expect(cleaned).toBe(line);
    },
  );

  it('removes a number that is long enough for a secret from strings, a short one from messages only', () => {
    const line = (digits: string): string => JSON.stringify({ text: `it is ${digits}` });
    expect(createRedactor(['1795265112345678']).content(line('1795265112345678'))).toContain('***');
    expect(createRedactor(['17952651']).content(line('17952651'))).toBe(line('17952651'));
    expect(createRedactor(['17952651']).text('bad key 17952651')).toBe('bad key ***');
  });

  it.each(['reward', 'responses_create_params', '_ng_task_index', 'output_text_v2_final'])(
    'never touches a key: secret "%s"',
    (name) => {
      const line = JSON.stringify({ [name]: 1, deep: { [name]: { [name]: 'x' } } });
      expect(createRedactor([name]).content(line)).toBe(line);
      expect(createRedactor([name]).json(line)).toBe(line);
    },
  );

  it('removes a credential even where it is a key: no field is called that', () => {
    const key = 'sk-proj-4f9a8b7c6d5e4f3a';
    expect(createRedactor([key]).content(JSON.stringify({ [key]: 1 }))).toBe('{"***":1}');
  });

  it.each([
    'ollama',
    'lm-studio',
    'test',
    'string',
    'sunflower',
    'Open-Sesame',
    'hello world',
    'test1234',
    '2025-11-21',
    '12345678',
    'abc',
  ])('leaves the everyday value "%s" in content and names its key', (value) => {
    const found = createRedactor([{ key: 'policy_api_key', value }]);
    const line = JSON.stringify({ text: `what is ${value} 1` });
    expect(found.content(line)).toBe(line);
    expect(found.everyday()).toEqual(['policy_api_key']);
  });

  it.each(['', 'EMPTY', 'not-needed', 'embedded', '****', 'sk-4f9a8b7c6d5e', 'qzvkwpmtxrbnhj', 'aB3$xYz!q'])(
    'says nothing about "%s"',
    (value) => {
      expect(createRedactor([{ key: 'policy_api_key', value }]).everyday()).toEqual([]);
    },
  );

  it('leaves in content what the dataset holds, from then on, and names its key once', () => {
    const value = 'key-77-of-the-garden';
    const found = createRedactor([{ key: 'policy_api_key', value }, SECRET]);
    const line = JSON.stringify({ text: `${value} and ${SECRET}` });
    expect(found.exempt('{"q":"nothing here"}')).toEqual([]);
    expect(JSON.parse(found.content(line))).toEqual({ text: '*** and ***' });
    expect(found.exempt(JSON.stringify({ q: `what is ${value}?` }))).toEqual(['policy_api_key']);
    expect(found.exempt(JSON.stringify({ q: value }))).toEqual([]);
    expect(JSON.parse(found.content(line))).toEqual({ text: `${value} and ***` });
    expect(found.text(`bad key ${value}`)).toBe('bad key ***');
  });

  it('always gives JSON that reads back, with only strings changed', () => {
    const secret = fc.string({ minLength: 8, maxLength: 30, unit: 'grapheme' });
    fc.assert(
      fc.property(fc.array(secret, { minLength: 1, maxLength: 3 }), fc.jsonValue(), (secrets, value) => {
        const found = createRedactor(secrets);
        const row = { value, texts: secrets, nested: JSON.stringify({ secrets }) };
        const cleaned = JSON.parse(found.json(JSON.stringify(row))) as typeof row;
        const bare = (item: unknown): unknown =>
          JSON.parse(JSON.stringify(item, (_, one: unknown) => (typeof one === 'string' ? '' : one)));
        const same = JSON.stringify(bare(cleaned)) === JSON.stringify(bare(row));
        const gone = secrets.every((one, i) => !cleaned.texts[i]!.includes(one) || one.trim().length < 8);
        return gone && (same || secrets.some((one) => JSON.stringify(value).includes(one)));
      }),
    );
  });

  it('costs a row without a secret no more than a search through its text', () => {
    const row = JSON.stringify({ text: 'an answer of some words, '.repeat(80), n: 1.5 });
    const found = createRedactor([SECRET, 'sk-proj-4f9a8b7c6d5e4f3a']);
    const time = (work: () => unknown): number => {
      const times = Array.from({ length: 9 }, () => {
        const start = performance.now();
        for (let i = 0; i < 400; i++) work();
        return performance.now() - start;
      });
      return times.sort((a, b) => a - b)[4]!;
    };
    time(() => found.content(row));
    expect(found.content(row)).toBe(row);
    const ratio = time(() => found.content(row)) / time(() => found.text(row));
    expect(ratio).toBeLessThan(3);
  });
});
