import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { NotParsed } from '../../../src/environments/kit/data-formats/not-parsed.js';
import { parseXml } from '../../../src/environments/kit/data-formats/xml.js';
import { parseYaml } from '../../../src/environments/kit/data-formats/yaml.js';
import { afterThought, boxedScore } from '../../../src/environments/judge/proofs.js';
import { missingField, wrongType } from '../../../src/environments/kit/pydantic-text.js';
import { finalOutputText } from '../../../src/environments/kit/reply-text.js';
import { placesOf, serverFile } from '../../../src/environments/kit/server-file.js';
import { lastInputText } from '../../../src/environments/kit/user-text.js';
import { wellFormed } from '../../../src/environments/kit/well-formed.js';
import { reply, services } from '../support.js';

const root = mkdtempSync(path.join(tmpdir(), 'server-file-'));
afterAll(() => rmSync(root, { recursive: true }));

describe('a file of a server', () => {
  const model = (): never => {
    throw new Error('no model');
  };
  const read = (file: string): string =>
    serverFile({ config: {}, services: { ...services, model, roots: [root] } }, 'some', file);

  it('is looked for in the folder of the server, then in the root itself', () => {
    mkdirSync(path.join(root, 'resources_servers/some'), { recursive: true });
    writeFileSync(path.join(root, 'resources_servers/some/a.txt'), 'theirs');
    writeFileSync(path.join(root, 'a.txt'), 'another');
    writeFileSync(path.join(root, 'b.txt'), 'mine');
    expect(read('a.txt')).toBe('theirs');
    expect(read('b.txt')).toBe('mine');
    expect(read(path.join(root, 'b.txt'))).toBe('mine');
    expect(placesOf('some', 'c', [root])).toHaveLength(2);
  });

  it('is missed with the places and the command', () => {
    expect(() => read('c.txt')).toThrow(
      expect.objectContaining({
        code: 'SERVER_FILE_NOT_FOUND',
        message: expect.stringContaining(path.join(root, 'resources_servers/some/c.txt')) as string,
        hint: expect.stringContaining('ng env add') as string,
      }),
    );
  });
});

describe('pieces that verifiers share', () => {
  it('reads the score in the last box, up to its first closing brace', () => {
    expect(boxedScore('\\boxed{0} then \\boxed{ 0.5 }')).toBe(0.5);
    expect(boxedScore('\\boxed{1.0}')).toBe(1);
    for (const text of ['\\boxed{0.7}', '\\boxed{1', '1', '\\boxed{\\frac{1}{2}}']) {
      expect(boxedScore(text)).toBeUndefined();
    }
    expect(afterThought('a</think> b ', true)).toBe('b');
    expect(afterThought(' a ', true)).toBeUndefined();
    expect(afterThought(' a ', false)).toBe('a');
  });

  it('makes values that can be written', () => {
    expect(wellFormed({ 'a\ud800': ['x\udc00y', '😀', NaN, 1, null, true] })).toEqual({
      'a\ufffd\ufffd\ufffd': ['x\ufffd\ufffd\ufffdy', '😀', null, 1, null, true],
    });
  });

  it("tells of wrong arguments in pydantic's words", () => {
    expect(missingField('M', 'guess', {})).toBe(
      '1 validation error for M\nguess\n  Field required [type=missing, input_value={}, input_type=dict]\n' +
        '    For further information visit https://errors.pydantic.dev/2.14/v/missing',
    );
    expect(wrongType('M', 'guess', 'x'.repeat(80), 'a valid list')).toContain(
      `input_value='${'x'.repeat(24)}...${'x'.repeat(23)}', input_type=str`,
    );
    expect(wrongType('M', null, [], 'a valid dictionary')).toContain('[type=model_type, input_value=[]');
  });

  it('reads the last words of either side', () => {
    const parts = [
      { type: 'output_text', text: 'a' },
      { type: 'refusal', text: 'no' },
      { type: 'output_text', text: '' },
      { type: 'output_text', text: 'b ' },
    ];
    const message = { type: 'message', role: 'assistant', content: parts } as const;
    expect(finalOutputText(reply({ ...message, content: 'first' }, message))).toBe('a\nb');
    expect(finalOutputText(reply({ ...message, content: ' one ' }))).toBe('one');
    const image = { type: 'input_image' };
    const text = { type: 'input_text', text: ' q ' };
    expect(lastInputText({ input: [{ role: 'user', content: [text, image] }] })).toBe('q');
    expect(
      lastInputText({
        input: [
          { role: 'user', content: 'p' },
          { role: 'user', content: [image] },
        ],
      }),
    ).toBe('p');
    expect(lastInputText({ input: 'q' })).toBe('');
  });

  it("tells where XML is broken in expat's words", () => {
    const fault = (text: string): string => {
      try {
        return JSON.stringify(parseXml(text));
      } catch (error) {
        return (error as Error).message.replace('ExpatError: ', '');
      }
    };
    // As expat has them, for these texts.
    expect(fault('<a b="x" c')).toBe('unclosed token: line 1, column 0');
    expect(fault('<a>\n  <b c=d/></a>')).toBe('not well-formed (invalid token): line 2, column 7');
    expect(fault('<a><<')).toBe('not well-formed (invalid token): line 1, column 4');
    expect(fault('<a 1="x"/>')).toBe('not well-formed (invalid token): line 1, column 3');
    expect(fault('<a>x')).toBe('no element found: line 1, column 4');
  });

  it('reads YAML 1.1, and a key that comes twice only where it may', () => {
    expect(parseYaml('a: yes\nb: 010')).toEqual(
      new Map<string, unknown>([
        ['a', true],
        ['b', 8n],
      ]),
    );
    expect(() => parseYaml('a: 1\na: 2')).toThrow(NotParsed);
    expect(parseYaml('a: 1\na: 2', { uniqueKeys: false })).toEqual(new Map([['a', 2n]]));
    expect(() => parseYaml('a: [')).toThrow(NotParsed);
  });
});
