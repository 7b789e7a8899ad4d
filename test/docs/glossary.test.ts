import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPOSITORY } from '../support/build.js';

const page = readFileSync(path.join(REPOSITORY, 'docs/glossary.md'), 'utf8');
const terms = [...page.matchAll(/^\| (?!term|house word|---)(.*?) \|/gm)].flatMap(([, cell]) =>
  cell!.split(', '),
);

const src = path.join(REPOSITORY, 'src');
const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(path.join(src, file), 'utf8'))
  .join('\n');

describe('docs/glossary.md', () => {
  it('has terms, each once', () => {
    expect(terms.length).toBeGreaterThan(25);
    expect([...new Set(terms)]).toEqual(terms);
  });

  it.each(terms)('explains a word of the house: %s', (term) => {
    expect(sources).toMatch(new RegExp(`\\b${term.replace(/[ -]/g, '[ -]')}`, 'i'));
  });
});
