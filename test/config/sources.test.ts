import { describe, expect, it } from 'vitest';
import path from 'node:path';
import { load, makeDirectory, mistake, values } from './support.js';

describe('sources and their precedence', () => {
  it('files < env.yaml < command line, and initial values lie beneath all', async () => {
    const config = await load({
      files: { 'a.yaml': 'a: file\nb: file\nc: file\n', 'env.yaml': 'b: env\nc: env\n' },
      overrides: ['+c=line'],
      initial: { a: 'initial', z: { k: 1 } },
    });
    expect(config.values).toEqual({ a: 'file', z: { k: 1 }, b: 'env', c: 'line', config_paths: ['a.yaml'] });
    expect(config.origin('a')).toMatchObject({ source: 'file', file: 'a.yaml', line: 1 });
    expect(config.origin('b')).toMatchObject({ source: 'env.yaml', file: 'env.yaml', line: 1 });
    expect(config.origin('c')).toEqual({ source: 'argument', text: '+c=line' });
    expect(config.origin('z.k')).toEqual({ source: 'default' });
    expect(config.origin('nowhere')).toBeUndefined();
  });

  it('an includer wins over what it includes, a later sibling over an earlier one', async () => {
    const files = {
      'a.yaml': 'config_paths: [deep.yaml]\nx: a\ny: a\n',
      'deep.yaml': 'config_paths: [deeper.yaml]\nx: deep\ny: deep\nz: deep\n',
      'deeper.yaml': 'z: deeper\nw: deeper\nv: deeper\n',
      'b.yaml': 'y: b\nv: b\n',
    };
    const config = await load({ files, overrides: ['+config_paths=[a.yaml,b.yaml]'] });
    expect(config.values).toEqual({
      x: 'a',
      y: 'b',
      z: 'deep',
      w: 'deeper',
      v: 'b',
      config_paths: ['a.yaml', 'b.yaml', 'deep.yaml', 'deeper.yaml'],
    });
  });

  it('a file included twice is loaded once and told', async () => {
    const files = {
      'a.yaml': 'config_paths: [shared.yaml, a.yaml]\n',
      'b.yaml': 'config_paths: [shared.yaml]\ns: b\n',
      'shared.yaml': 's: shared\n',
    };
    const config = await load({ files, overrides: ['+config_paths=[b.yaml,a.yaml]'] });
    expect(config.values['s']).toBe('b');
    expect(config.warnings).toEqual(['Included more than once, loaded once: shared.yaml, a.yaml.']);
  });

  it('config_paths may be in env.yaml and may refer to a list there', async () => {
    const files = { 'b.yaml': 'x: 1\n', 'env.yaml': 'config_paths: ${mine}\nmine: [b.yaml]\n' };
    expect(await values({ files })).toEqual({ x: 1, mine: ['b.yaml'] });
  });

  it('reads one env.yaml: the first of extra roots, then working directory', async () => {
    const extra = makeDirectory({ 'env.yaml': 'from: extra\n' });
    const config = await load({
      files: { 'env.yaml': 'from: here\nmore: 1\n' },
      env: { NEMO_GYM_EXTRA_ROOTS: extra },
    });
    expect(config.values).toEqual({ from: 'extra' });
    expect(config.files).toEqual([path.join(extra, 'env.yaml')]);
  });

  it('looks in extra roots, then the working directory, then in what ships', async () => {
    const extra = makeDirectory({ 'b.yaml': 'x: extra\n' });
    const config = await load({
      files: { 'b.yaml': 'x: here\n', 'c.yaml': 'y: here\n' },
      overrides: ['+config_paths=[b.yaml,c.yaml]'],
      env: { NEMO_GYM_EXTRA_ROOTS: extra },
    });
    expect(config.values).toMatchObject({ x: 'extra', y: 'here' });
    expect(config.roots[0]).toBe(extra);
    expect(config.roots.slice(-2).map((root) => path.basename(root))).toEqual(['configs', 'data']);
  });

  it('an empty file is no mistake', async () => {
    expect(await values({ files: { 'a.yaml': '# nothing\n' } })).toEqual({});
  });

  it('merges mappings, replaces everything else, and keeps the order of first appearance', async () => {
    const files = {
      'a.yaml': 'm: {a: 1, b: 2}\nl: [1, 2]\nn: 1\ns: {x: 1}\nq: "???"\n',
      'b.yaml': 'n: null\nm: {b: 3, c: 4}\nl: [9]\ns: text\nq: 5\n',
      'c.yaml': 'q: "???"\n',
    };
    const result = await values({ files, overrides: ['+config_paths=[a.yaml,b.yaml,c.yaml]'] });
    expect(JSON.stringify(result)).toBe('{"m":{"a":1,"b":3,"c":4},"l":[9],"n":null,"s":"text","q":5}');
  });

  it('keeps a key named __proto__ as data', async () => {
    const config = await load({ files: { 'a.yaml': 'm: {__proto__: {polluted: true}}\n' } });
    expect(Object.keys(config.values['m'] as object)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('refuses config_paths with anything but paths', async () => {
    expect(await mistake({ files: { 'a.yaml': 'config_paths: b.yaml\n' } })).toMatch(
      /must be a list of paths/,
    );
    expect(await mistake({ overrides: ['+config_paths=[1]'] })).toMatch(/must be a list of paths/);
  });
});

describe('a configuration that is handed on', () => {
  const NEMO_GYM_CONFIG_DICT = '{"limit": 1, "a": {"b": 1, "c": 2}, "policy_api_key": "sk-handed-on"}';

  it('lies below files and arguments', async () => {
    const workplace = {
      files: { 'a.yaml': 'a: {b: 3}\n' },
      env: { NEMO_GYM_CONFIG_DICT },
      overrides: ['++limit=5'],
    };
    expect(await values(workplace)).toEqual({ limit: 5, a: { b: 3, c: 2 }, policy_api_key: 'sk-handed-on' });
    expect((await load(workplace)).toYaml()).not.toContain('sk-handed-on');
  });

  it('says where it is wrong', async () => {
    expect(await mistake({ env: { NEMO_GYM_CONFIG_DICT: 'a: [1' } })).toContain('NEMO_GYM_CONFIG_DICT:');
  });
});
