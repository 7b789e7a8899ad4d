import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/command-table.js';
import { REPOSITORY } from '../support/build.js';
import { commandReference } from './command-reference.js';

const docs = path.join(REPOSITORY, 'docs');
const page = readFileSync(path.join(docs, 'commands.md'), 'utf8');

describe('docs/command-reference.md', () => {
  it('is the command table as the program has it', async () => {
    await expect(commandReference()).toMatchFileSnapshot(path.join(docs, 'command-reference.md'));
  });
});

describe('docs/commands.md', () => {
  const listed = COMMANDS.filter(({ hidden, path: [group] }) => hidden !== true && group !== 'list');

  it.each(listed.map(({ path: words }) => words.join(' ')))('lists ng %s', (name) => {
    expect(page).toMatch(new RegExp(`^\\| \`ng ${name}(?: [A-Z ]+)?\` \\|`, 'm'));
  });

  it('lists every kind that can be listed', () => {
    const kinds = COMMANDS.filter(({ path: [group] }) => group === 'list').map(({ path: [, kind] }) => kind);
    const row = /^\| `ng list KIND \[NAME\]` \| (.*?) \|/m.exec(page)![1];
    expect(row!.split(', ').sort()).toEqual(kinds.sort());
  });

  it('lists no command that is not there', () => {
    const there = COMMANDS.map(({ path: words }) => words.join(' '));
    const named = [...page.matchAll(/^\| `ng ((?:eval|env|dataset) [a-z-]+)/gm)].map((match) => match[1]);
    expect(named.filter((name) => !there.includes(name!))).toEqual([]);
  });
});
