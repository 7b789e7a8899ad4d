import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { pathCandidates, resolvePath, searchRoots } from '../../src/config/index.js';
import { makeDirectory } from './support.js';

describe('search roots', () => {
  it('are the extra roots, the working directory and what ships, each once', () => {
    const extra = ['more', '/abs', '', 'more'].join(path.delimiter);
    const roots = searchRoots('/w', { NEMO_GYM_EXTRA_ROOTS: extra });
    const shipped = path.resolve(import.meta.dirname, '../..');
    expect(roots).toEqual([
      '/w/more',
      '/abs',
      '/w',
      path.join(shipped, 'configs'),
      path.join(shipped, 'data'),
    ]);
  });

  it('give the first place where a path exists', () => {
    const [first, second] = [makeDirectory({ 'x/b': '' }), makeDirectory({ 'x/a': '', 'x/b': '' })];
    expect(resolvePath('x/a', [first, second])).toBe(path.join(second, 'x/a'));
    expect(resolvePath('x/b', [first, second])).toBe(path.join(first, 'x/b'));
    expect(resolvePath('x/c', [first, second])).toBeUndefined();
    expect(resolvePath(path.join(second, 'x/a'), [first])).toBe(path.join(second, 'x/a'));
    expect(pathCandidates('x/c', [first, second])).toEqual([
      path.join(first, 'x/c'),
      path.join(second, 'x/c'),
    ]);
  });
});
