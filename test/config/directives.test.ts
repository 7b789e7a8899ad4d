import { describe, expect, it } from 'vitest';
import { mistake, values } from './support.js';

async function compute(text: string): Promise<unknown> {
  return values({ files: { 'a.yaml': text } });
}

const SOURCE = 'src: {a: 1, b: {c: 2, d: 3}}\n';

describe('inheritance directives', () => {
  it.each<[string, string, unknown]>([
    ['moves a block', 'x:\n  _inherit_from: src\n  b: {c: 9}\n', { x: { a: 1, b: { c: 9, d: 3 } } }],
    ['copies a block', 'x:\n  _copy: src.b\n', { src: { a: 1, b: { c: 2, d: 3 } }, x: { c: 2, d: 3 } }],
    ['moves a value', 'x: ${inherit_from:src.b.c}\n', { src: { a: 1, b: { d: 3 } }, x: 2 }],
    ['knows the old name', 'x: ${swap_key:src}\n', { x: { a: 1, b: { c: 2, d: 3 } } }],
    ['copies a value', 'x: ${copy:src.a}\n', { src: { a: 1, b: { c: 2, d: 3 } }, x: 1 }],
    [
      'moves one source to several',
      'x: {_inherit_from: src.b}\ny: {_inherit_from: src.b, c: 0}\n',
      {
        src: { a: 1 },
        x: { c: 2, d: 3 },
        y: { c: 0, d: 3 },
      },
    ],
    [
      'deletes inherited keys',
      'x:\n  _inherit_from: src\n  _delete_key: a, b\n  b: {e: 5}\n  a: 7\n',
      {
        x: { a: 1, b: { c: 2, d: 3 } },
      },
    ],
    ['deletes what only the source has', 'x:\n  _inherit_from: src\n  _delete_key: b\n', { x: { a: 1 } }],
    [
      'accepts new keys',
      'x:\n  _copy: src.b\n  new: 1\n',
      {
        src: { a: 1, b: { c: 2, d: 3 } },
        x: { c: 2, d: 3, new: 1 },
      },
    ],
    [
      'works below lists',
      'l:\n- {_copy: src.b}\n- x: {_copy: src.b, c: 0}\n',
      {
        src: { a: 1, b: { c: 2, d: 3 } },
        l: [{ c: 2, d: 3 }, { x: { c: 0, d: 3 } }],
      },
    ],
    [
      'follows a source that inherits',
      'x: {_inherit_from: y, a: 5}\ny: {_inherit_from: src}\n',
      {
        x: { a: 5, b: { c: 2, d: 3 } },
      },
    ],
  ])('%s', async (_, text, expected) => {
    expect(await compute(SOURCE + text)).toEqual(expected);
  });

  it('hands on a value that is left to the user', async () => {
    const text = await mistake({ files: { 'a.yaml': 'src: "???"\nx: {_copy: src.a}\n' } });
    expect(text).toMatch(/2 values are left as "\?\?\?"/);
  });

  it('interpolates what was inherited at its new place', async () => {
    expect(await compute('src: {a: 1, b: "${.a}"}\nx: {_inherit_from: src, a: 2}\n')).toEqual({
      x: { a: 2, b: 2 },
    });
  });

  it.each([
    ['x: {y: {_copy: x}}\n', /inherits from itself/],
    ['x: {_copy: y}\ny: {_copy: x}\n', /inherits from itself/],
    ['x: {_copy: [1]}\n', /"_copy" must be text/],
    ['x: {_delete_key: q}\n', /names keys that are not there: q/],
    ['x: {_copy: src.q}\n', /"src.q", to be inherited, does not exist/],
  ])('refuses %s', async (text, message) => {
    expect(await mistake({ files: { 'a.yaml': SOURCE + text } })).toMatch(message);
  });
});
