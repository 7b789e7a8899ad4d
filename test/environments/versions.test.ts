import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENTS } from '../../src/environments/index.js';
import { digestOf, sourceOf } from './source-of.js';

const RECORD = path.join(import.meta.dirname, 'versions.json');
const recorded = JSON.parse(readFileSync(RECORD, 'utf8')) as Record<
  string,
  { version: number; sha256: string } | undefined
>;

function record(name: string, now: { version: number; sha256: string }): void {
  recorded[name] = now;
  writeFileSync(RECORD, `${JSON.stringify(recorded, null, 2)}\n`);
}

/**
 * A stored reward is reused while the verifier's version is the same, so a changed verifier needs a new version. Nobody
 * but a person can tell whether a change can give any reply another reward; this makes them say so.
 */
describe('the version of a built-in verifier', () => {
  it.each(Object.keys(ENVIRONMENTS))('is raised when the source changes: %s', async (name) => {
    const { version } = await ENVIRONMENTS[name]!();
    const files = sourceOf(name);
    const now = { version: version as number, sha256: digestOf(files) };
    if (process.env['NGYM_RECORD'] === '1') record(name, now);
    expect(
      recorded[name],
      `The source of ${name} changed (one of ${files.join(', ')}). If any reply can get another reward, raise ` +
        `"version" in its environment.ts. Then record it: NGYM_RECORD=1 npx vitest run test/environments/versions.test.ts`,
    ).toEqual(now);
  });

  it('looks at the folder, and at what it shares with others, but not at all of it', () => {
    const files = sourceOf('mcqa');
    for (const file of ['answer-colon', 'boxed', 'environment']) {
      expect(files).toContain(`environments/catalogue/mcqa/${file}.ts`);
    }
    for (const file of ['options', 'output-regex']) expect(files).toContain(`environments/kit/${file}.ts`);
    expect(files.some((file) => file.startsWith('python/'))).toBe(true);
    expect(files).toContain('environments/kit/key-metrics.ts');
    expect(files).not.toContain('environments/kit/defined-environment.ts');
    expect(sourceOf('example_single_tool_call')).toEqual([
      'environments/catalogue/example_single_tool_call/environment.ts',
      'environments/kit/function-calls.ts',
      'protocol/json.ts',
      'protocol/responses.ts',
    ]);
  });
});
