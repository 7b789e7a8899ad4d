import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpolate } from '../../../src/config/interpolation/index.js';
import type { MapNode } from '../../../src/config/tree/index.js';
import { fromPlain } from '../../../src/config/tree/index.js';
import { NgError } from '../../../src/errors/index.js';
import { load, mistake, values } from '../support.js';

const BASE = `
n: 5
f: 1.0
t: text
z: null
flag: yes
list: [a, {k: b}]
name: n
alias: \${list}
empty: {}
odd: {c: [2.5, 1, 1.0, 1.0e+20, true, null, "q's", 'd"q', é, "new\\nline", {}, []]}
map: {a: 1, up: "\${..n}", sib: "\${.a}", deep: {far: "\${...t}"}}
`;

async function compute(text: string, env: Record<string, string> = {}): Promise<unknown> {
  const files = { 'a.yaml': `${BASE}x: ${JSON.stringify(text)}\n` };
  return (await values({ files, env }))['x'];
}

describe('interpolation', () => {
  it.each<[string, unknown]>([
    ['${n}', 5],
    ['v${n}', 'v5'],
    ['${f}', 1],
    ['v${f}', 'v1.0'],
    ['v${z}${flag}', 'vNoneTrue'],
    ['${list[0]}', 'a'],
    ['${list.1.k}', 'b'],
    ['${map}', { a: 1, up: 5, sib: 1, deep: { far: 'text' } }],
    ['${map.deep.far}', 'text'],
    ['${${name}}', 5],
    ['${map[${list[0]}]}', 1],
    ['${ n }', 5],
    ['\\${n}', '${n}'],
    ['\\\\${n}', '\\5'],
    ['C:\\dir', 'C:\\dir'],
    ['100%', '100%'],
    ['${oc.env:NOT_SET,null}', null],
    ['${oc.env:NOT_SET,120}', '120'],
    ['${oc.env:NOT_SET,1e-6}', '1e-06'],
    ['${oc.env:NOT_SET,"a, b"}', 'a, b'],
    ['${oc.env:NOT_SET,https://h:80/p?q=1&r=(2)}', 'https://h:80/p?q=1&r=(2)'],
    ['${oc.env:NOT_SET,${t}}', 'text'],
    ["${oc.env:NOT_SET,'v${n}'}", 'v5'],
    ['${oc.env:SET}', '007'],
    ['${oc.decode:${oc.env:LIST}}', [1, 'a']],
    ['${oc.decode:null}', null],
    ['${oc.select:nowhere,fallback}', 'fallback'],
    ['${oc.select:nowhere}', null],
    ['${oc.select:z,fallback}', null],
    ['${oc.select:map.a,9}', 1],
    ['${oc.create:{k: [1, ${n}]}}', { k: [1, 5] }],
    ['${oc.dict.keys:map}', ['a', 'up', 'sib', 'deep']],
    ['${oc.dict.values:map.deep}', ['text']],
    ['${oc.env:NOT_SET,}', ''],
    ['${oc.env:SET,[1]}', '007'],
    ['${oc.env:NOT_SET,[1,a b,2.50,null]}', "[1, 'a b', 2.5, None]"],
    ['${oc.env:NOT_SET,{a: 1}}', "{'a': 1}"],
    ['${oc.create:null}', null],
    // A mapping or list inside text is Python's str(); what is an interpolation in it shows as it is stored.
    ['v${list}', "v['a', {'k': 'b'}]"],
    ['v${map}', "v{'a': 1, 'up': '${..n}', 'sib': '${.a}', 'deep': {'far': '${...t}'}}"],
    ['v${odd} w', `v{'c': [2.5, 1, 1.0, 1e+20, True, None, "q's", 'd"q', 'é', 'new\\nline', {}, []]} w`],
    ['${empty}${list}', "{}['a', {'k': 'b'}]"],
    ['v${alias}', "v['a', {'k': 'b'}]"],
    ['v${oc.create:{a: 1, c: [x, 2.0]}}', "v{'a': 1, 'c': ['x', 2.0]}"],
    // Blanks around a word make it text, and stay.
    ["${oc.decode:'  x  '}", '  x  '],
    ["${oc.decode:' 1 '}", ' 1 '],
    ["${oc.decode:' null '}", ' null '],
    ["${oc.decode:' ${n} '}", ' 5 '],
    ["${oc.decode:'1'}", 1],
    ['${oc.decode:${oc.env:BLANKS}}', ' x y '],
  ])('%s', async (text, expected) => {
    expect(await compute(text, { SET: '007', LIST: '[1, a]', BLANKS: ' x y ' })).toEqual(expected);
  });

  it('sees values of every source', async () => {
    const files = { 'a.yaml': 'x: ${y}\n', 'env.yaml': 'y: ${k}\n' };
    expect(await values({ files, overrides: ['+k=1', "+l='${x}${y}'"] })).toEqual({
      x: 1,
      y: 1,
      k: 1,
      l: '11',
    });
  });

  it('prints a mapping inside text that refers back to it, since nothing of it is computed', async () => {
    const files = { 'a.yaml': 'a: "p${b}"\nb: {c: 1, d: "${a}"}\n' };
    const text = "p{'c': 1, 'd': '${a}'}";
    expect(await values({ files })).toEqual({ a: text, b: { c: 1, d: text } });
  });

  it('gives the keys of a mapping from inside it', async () => {
    const files = {
      'a.yaml':
        'a: {p: 1, q: "${oc.dict.keys:a}"}\nb: {p: 1, q: {r: "${oc.dict.keys:..}"}}\nc: "${oc.dict.keys:.}"\n',
    };
    expect(await values({ files })).toMatchObject({
      a: { p: 1, q: ['p', 'q'] },
      b: { p: 1, q: { r: ['p', 'q'] } },
      c: expect.arrayContaining(['a', 'b', 'c']) as string[],
    });
  });

  it('tells of a deprecated key', async () => {
    const files = { 'a.yaml': 'new: 1\nold: "${oc.deprecated:new}"\n' };
    const config = await load({ files });
    expect(config.values['old']).toBe(1);
    expect(config.warnings).toEqual(['"old" is deprecated: use "new" instead.']);
  });

  it.each([
    ['x: {y: "${x}"}\n', /circle: x -> x.y -> x\./],
    ['x: "${....y}"\n', /points above the top/],
    ['x: "${a b}"\n', /cannot stand in an interpolation/],
    ['x: "${}"\n', /names no key/],
    ['x: "${a${b}}"\n', /cannot stand in an interpolation/],
    ['x: "${oc.decode:${l}}"\nl: [1]\n', /oc.decode takes one text/],
    ['x: "${oc.env:A,b,c}"\n', /oc\.env takes at most 2 arguments, not 3.*Quote a text that holds a comma/s],
    ['x: "${oc.select:a,b,c}"\n', /oc\.select takes at most 2 arguments, not 3/],
    ['x: "${oc.decode:a,b}"\n', /oc\.decode takes one argument, not 2/],
    ['x: "${oc.dict.keys:a,b}"\n', /oc\.dict\.keys takes one argument, not 2/],
    ['x: "${oc.create:1}"\n', /oc\.create makes a mapping or list, not a number or flag/],
    ['x: "${oc.create:true}"\n', /oc\.create makes a mapping or list/],
    ['x: {p: 1, q: "${oc.dict.values:x}"}\n', /circle/],
    ['x: {y: "v${x}"}\n', /circle: x -> x\.y -> x\./],
  ])('refuses %s', async (text, message) => {
    expect(await mistake({ files: { 'a.yaml': text } })).toMatch(message);
  });

  it('reports every missing key at once', async () => {
    const text = await mistake({ files: { 'a.yaml': 'a: ${p}\nb: [1, "${q.r}"]\n' } });
    expect(text).toMatch(/a\.yaml:1: a needs "p".*\n.*a\.yaml:2: b\[1\] needs "q\.r"/);
  });

  it('throws nothing but NgError on any text', () => {
    const piece = fc.constantFrom(
      '${',
      '}',
      '.',
      ':',
      ',',
      'a',
      'oc.env',
      'oc.select',
      '[',
      ']',
      '{',
      "'",
      '"',
      '\\',
      ' ',
      '0',
      'é',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (parts) => {
        const root = fromPlain({ a: 1, x: parts.join('') }, { source: 'default' }) as MapNode;
        try {
          interpolate(root, { env: {} });
        } catch (error) {
          expect(error).toBeInstanceOf(NgError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
