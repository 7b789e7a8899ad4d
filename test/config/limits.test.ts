import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.js';
import { NgError } from '../../src/errors/index.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'ngym-limits-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The user's error that a configuration ends in; anything else, a stack that is used up included, fails the test. */
async function mistake(overrides: string[]): Promise<string> {
  try {
    await loadConfig({ overrides, cwd: folder, env: {} });
  } catch (error) {
    if (!(error instanceof NgError)) throw error;
    const text = error.toString();
    expect(text.length).toBeLessThan(1000);
    return text;
  }
  throw new Error('expected a mistake');
}

/** Ten lines, each of ten references to the line before. */
const bomb = (first: string, join: (references: string[]) => string): string =>
  Array.from({ length: 11 }, (_, i) =>
    i === 0 ? `a0: ${first}` : `a${i}: ${join(Array<string>(10).fill(`\${a${i - 1}}`))}`,
  ).join('\n');

const DEEP = 20_000;

describe('configurations beyond all measure are mistakes, not crashes', () => {
  it.each([
    ['lists', `+a=${'['.repeat(DEEP)}`, 'levels are nested'],
    ['mappings', `+a=${'{a:'.repeat(DEEP)}`, 'levels are nested'],
    ['casts', `+a=${'int('.repeat(DEEP)}`, 'levels are nested'],
    ['closed lists', `+a=${'['.repeat(DEEP)}${']'.repeat(DEEP)}`, 'levels are nested'],
    ['interpolations', `+a='${'${oc.env:'.repeat(DEEP)}X${'}'.repeat(DEEP)}'`, 'levels are nested'],
    ['keys', `+${'a.'.repeat(DEEP)}a=1`, 'a key of more than 100 parts'],
    ['forced keys', `++${'a.'.repeat(DEEP)}a=1`, 'a key of more than 100 parts'],
  ])('nested %s in an argument', async (_what, override, words) => {
    expect(await mistake([override])).toContain(words);
  });

  it.each([
    ['lists', `a: ${'['.repeat(DEEP)}${']'.repeat(DEEP)}`, 'nesting is too deep'],
    ['mappings', `a: ${'{a: '.repeat(DEEP)}1${'}'.repeat(DEEP)}`, 'nesting is too deep'],
    [
      'text that grows tenfold with each line',
      bomb('"xxxxxxxxxx"', (all) => `"${all.join('')}"`),
      'characters',
    ],
    ['lists that grow tenfold with each line', bomb('[x, x]', (all) => `['${all.join("','")}']`), 'values'],
    [
      'a chain of references',
      `${Array.from({ length: DEEP }, (_, i) => `a${i}: \${a${i + 1}}`).join('\n')}\na${DEEP}: 1`,
      'more than 500 others',
    ],
    ['a file of many megabytes', `a: "${'x'.repeat(11_000_000)}"`, '10.5 MiB; at most 10.0 MiB'],
  ])('a file with %s', async (_what, text, words) => {
    const file = path.join(folder, 'large.yaml');
    writeFileSync(file, text);
    const told = await mistake([`+config_paths=[${file}]`]);
    expect(told).toContain(words);
    expect(told).toContain('large.yaml');
  });

  it('takes what is merely large', async () => {
    const depth = 150;
    const { values } = await loadConfig({
      overrides: [`+a=${'['.repeat(depth)}1${']'.repeat(depth)}`, `+${'b.'.repeat(99)}c=1`],
      cwd: folder,
      env: {},
    });
    expect(JSON.stringify(values['a'])).toHaveLength(2 * depth + 1);
  });
});
