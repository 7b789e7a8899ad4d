import { describe, expect, it } from 'vitest';
import { mapToPlain } from '../../../src/config/tree/index.js';
import { readYaml } from '../../../src/config/yaml/index.js';

function read(text: string): unknown {
  return mapToPlain(readYaml(text, 'x.yaml'));
}

describe('YAML as PyYAML and OmegaConf read it', () => {
  it.each<[string, unknown]>([
    ['yes', true],
    ['Off', false],
    ['y', 'y'],
    ['~', null],
    ['', null],
    ['1_000', 1000],
    ['0x1f', 31],
    ['010', 8],
    ['0o17', '0o17'],
    ['08', '08'],
    ['0b101', 5],
    ['-3', -3],
    ['1e3', 1000],
    ['1.5e-3', 0.0015],
    ['.inf', Infinity],
    ['1.', 1],
    ['.', '.'],
    ['2024-01-01', '2024-01-01'],
    ['1.1.2', '1.1.2'],
    ['"yes"', 'yes'],
    ['!!str 12', '12'],
    ['!!int "12"', 12],
  ])('%s', (text, expected) => {
    expect(read(`x: ${text}\n`)).toEqual({ x: expected });
  });

  it('follows anchors and merge keys; own keys win, merged ones come first', () => {
    const text = 'a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc:\n  w: 0\n  y: 9\n  <<: [*a, *b]\nd: *a\n';
    expect(JSON.stringify(read(text))).toBe(
      '{"a":{"x":1,"y":2},"b":{"y":3,"z":4},"c":{"x":1,"y":9,"z":4,"w":0},"d":{"x":1,"y":2}}',
    );
  });

  it('a lone word is a key without value', () => {
    expect(read('word\n')).toEqual({ word: null });
  });

  it('types keys as text', () => {
    expect(read('1: a\ntrue: b\nnull: c\n')).toEqual({ 1: 'a', true: 'b', null: 'c' });
  });

  it.each([
    ['x: *nowhere\n', /name no anchor/],
    ['x: &x [*x]\n', /contain themselves/],
    ['x: {<<: 1}\n', /needs a mapping/],
    ['? [1]\n: 2\n', /single value/],
    ['x: !python/name:os.system 1\n', /tag .* is not supported/],
    ['x: -1:30\n', /base-60/],
  ])('refuses %j', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it('refuses aliases that grow without bound', () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i}, `.repeat(9)}*l${i}]`,
    );
    expect(() => read(`l0: &l0 [a]\n${levels.join('\n')}\n`)).toThrow(/expand to too many values/);
  });
});
