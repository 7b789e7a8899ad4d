import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseOverride } from '../../src/config/index.js';
import { mapToPlain } from '../../src/config/tree/index.js';
import { readYaml } from '../../src/config/yaml/index.js';
import { fences } from '../support/markdown.js';
import { load } from './support.js';

const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/configuration.md'), 'utf8');

describe('docs/configuration.md', () => {
  it('has YAML that is read', () => {
    const blocks = fences('docs/configuration.md').flatMap(({ language, text }) =>
      language === 'yaml' ? [text] : [],
    );
    expect(blocks.length).toBe(2);
    expect(mapToPlain(readYaml(blocks[0]!, 'env.yaml'))).toHaveProperty('policy_api_key', '<your key>');
    expect(mapToPlain(readYaml(blocks[1]!, 'x.yaml'))).toHaveProperty(
      'mcqa.resources_servers.mcqa.grading_mode',
      'strict_single_letter_boxed',
    );
  });

  it('lists values that are read', () => {
    const table = /\| written \| read as \|([\s\S]*?)\n\n/.exec(
      page.replaceAll(/ +\|/g, ' |').replaceAll(/\| +/g, '| '),
    );
    const examples = [...(table?.[1] ?? '').matchAll(/^\| (.*?) \| /gm)]
      .flatMap((row) => [...row[1]!.matchAll(/`([^`]+)`/g)].map((match) => match[1]!))
      .filter((example) => !/^(?:[=,]|~ #.*)$/.test(example) && /\w/.test(example));
    expect(examples.length).toBeGreaterThan(15);
    for (const example of examples) expect(() => parseOverride(`+key=${example}`)).not.toThrow();
  });

  it('shows what --explain prints', async () => {
    const config = await load({
      files: { 'my.yaml': '\n\n\nlimit: 2\n' },
      overrides: ['+config_paths=[my.yaml]', '++limit=3'],
    });
    expect(page).toContain(config.explain('limit'));
  });
});
