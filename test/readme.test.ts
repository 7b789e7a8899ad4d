import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fences } from './support/markdown.js';

const root = path.resolve(import.meta.dirname, '..');
const readme = readFileSync(path.join(root, 'README.md'), 'utf8');

const blocks = fences('README.md');

const commands = (heading: string): string[] =>
  blocks
    .filter(
      (block) => block.language === 'sh' && !block.marks.includes('no-run') && block.heading === heading,
    )
    .flatMap((block) => block.text.trim().split('\n'));

describe('the README', () => {
  it('names the command that is running now as the one that passes the tests', () => {
    expect(commands('## Tests')).toEqual(['npm test']);
    expect(readFileSync(path.join(root, '.ci/run'), 'utf8')).toMatch(/^step "npm test";\s+npm test$/m);
  });

  it('counts the packages that come with it', () => {
    const { dependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      dependencies: object;
    };
    const words = ['five', 'six', 'seven', 'eight', 'nine', 'ten'];
    expect(readme).toContain(`${words[Object.keys(dependencies).length - 5]} packages`);
  });

  it('links only to pages that exist', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1]!);
    expect(links.filter((link) => !existsSync(path.join(root, link)))).toEqual([]);
  });
});
