import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { countingIds } from '../../src/protocol/index.js';
import type { Capability, Field } from '../../src/translate/index.js';
import { CAPABILITIES, FIELDS, GENERIC, openExchange } from '../../src/translate/index.js';
import * as translate from '../../src/translate/index.js';

const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/translation.md'), 'utf8');

const ABSENT: Readonly<Record<Field['absent'], string>> = {
  drop: 'left out',
  loss: 'left out, reported',
  refuse: 'refused',
};

const code = (name: string | null): string => (name === null ? '–' : `\`${name}\``);

/** One row of the field table on the page. */
function fieldRow(field: Field): string {
  const targets = [field.responses, field.chat, field.messages];
  const everywhere = targets.every((target) => target !== null);
  const neutral = field.neutral?.map((value) => `\`${JSON.stringify(value)}\``).join(', ');
  const absent = everywhere ? '' : ABSENT[field.absent] + (neutral === undefined ? '' : ` (not ${neutral})`);
  return `| ${targets.map(code).join(' | ')} | ${absent} | ${field.note ?? ''} |`;
}

/** One row of the provider table: what differs from the generic record. */
function recordRow(record: Capability): string {
  const differences = (Object.keys(GENERIC) as (keyof Capability)[])
    .filter((key) => !['name', 'hosts', 'errors'].includes(key))
    .filter((key) => JSON.stringify(record[key]) !== JSON.stringify(GENERIC[key]))
    .map((key) => `${snake(key)}: ${JSON.stringify(record[key])}`);
  const hosts = record.hosts.map((host) => `\`${host}\``).join(', ');
  const what = differences.length === 0 ? '' : `\`${differences.join('`, `')}\``;
  return `| ${record.name} | ${hosts} | ${what} | \`${record.errors.join('` `').replaceAll('|', '\\|')}\` |`;
}

function snake(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Table rows without the padding that a formatter adds. */
const rows = new Set(
  page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.replace(/ +\|/g, ' |').replace(/\| +/g, '| ')),
);
const normal = (row: string): string => row.replace(/ +\|/g, ' |').replace(/\| +/g, '| ');

describe('docs/translation.md', () => {
  it.each(FIELDS.map((field) => [field.name, field] as const))(
    'has the row of %s as the code has it',
    (_, field) => {
      expect(rows).toContain(normal(fieldRow(field)));
    },
  );

  it.each(CAPABILITIES.map((record) => [record.name, record] as const))(
    'has the row of provider %s',
    (_, record) => {
      expect(rows).toContain(normal(recordRow(record)));
    },
  );

  it('lists every capability by its YAML name', () => {
    for (const key of Object.keys(GENERIC)) {
      if (!['name', 'hosts', 'errors'].includes(key)) expect(page).toContain(`\`${snake(key)}\``);
    }
  });

  it('names only what is exported', () => {
    const imports = [...page.matchAll(/import \{([^}]*)\} from 'ngym\/translate'/g)].flatMap(([, names]) =>
      names!
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    );
    expect(imports.length).toBeGreaterThan(3);
    for (const name of imports) expect(translate).toHaveProperty(name);
  });

  it('its example does what it says', () => {
    const exchange = openExchange(
      { model: 'claude', max_tokens: 100, messages: [{ role: 'user', content: 'hi' }] },
      { client: 'messages', upstream: 'chat', model: 'my-model', newId: countingIds() },
    );
    expect(exchange.body).toEqual({
      messages: [{ role: 'user', content: 'hi' }],
      model: 'my-model',
      max_tokens: 100,
    });
  });
});

// Prints the rows for the page after a change of the tables.
if (process.env['NGYM_PRINT_TABLES'] === '1') {
  console.log([...FIELDS.map(fieldRow), '', ...CAPABILITIES.map(recordRow)].join('\n'));
}
