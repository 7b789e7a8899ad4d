import { describe, expect, it } from 'vitest';
import { described, NAMES, readTable } from './table.js';

const AGAIN = 'the page is stale: npm run environments-table';

/** table.long.test.ts makes the table and counts; oracle.test.ts and recorded.test.ts play what is counted. */
describe('the table of docs/environments.md', () => {
  const rows = readTable();

  it('has every environment that is built in', () => {
    expect(
      rows.map(({ name }) => name),
      AGAIN,
    ).toEqual(NAMES);
  });

  it.each(NAMES)('%s: says what its configuration says', (name) => {
    expect(
      rows.find((row) => row.name === name),
      AGAIN,
    ).toMatchObject(described(name));
  });
});
