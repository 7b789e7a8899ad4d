import { describe, expect, it } from 'vitest';
import { load, mistake, values } from '../support.js';

describe('overrides laid on each other', () => {
  it.each<[string[], unknown]>([
    [['+a.b=1', '+a.c=x'], { a: { b: 1, c: 'x' } }],
    [['+a={b: 1}', '+a={c: 2}'], { a: { b: 1, c: 2 } }],
    [['+a=[1,2]', '+a=[3]'], { a: [3] }],
    [['+a=null', '+a=1'], { a: 1 }],
    [['+a=1', 'a=2'], { a: 2 }],
    [['+a=1', '++a=2'], { a: 2 }],
    [['+l=[1,{x: 2}]', '++l.0=9', '++l.1.x=8'], { l: [9, { x: 8 }] }],
    [['+a.0=x'], { a: { 0: 'x' } }],
    [['+a.b=1', '+a.c=2', '~a.b'], { a: { c: 2 } }],
    [['+a=1', '~a=1'], {}],
    [['+a/b=c'], { 'a/b': 'c' }],
  ])('%j', async (overrides, expected) => {
    expect(await values({ overrides })).toEqual(expected);
  });

  it('tells that Hydra settings have no effect', async () => {
    const config = await load({ overrides: ['hydra.run.dir=out', '+a=1'] });
    expect(config.values).toEqual({ a: 1 });
    expect(config.warnings).toEqual([
      '"hydra.run.dir" configures Hydra, which is not used here; the argument is ignored.',
    ]);
  });

  it('refuses to delete another value', async () => {
    expect(await mistake({ overrides: ['+a=1', '~a=2'] })).toMatch(/does not remove "a"/);
  });

  it('refuses a list position that is not there', async () => {
    expect(await mistake({ overrides: ['+l=[1]', '++l.3=1'] })).toMatch(
      /"l.3" is outside its list, which has 1 /,
    );
  });

  it('refuses an argument without a key', async () => {
    expect(await mistake({ overrides: ['+=x'] })).toMatch(/names no key/);
  });
});
