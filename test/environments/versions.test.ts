import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENTS } from '../../src/environments/index.js';
import { digestOf, sourceOf } from './source-of.js';

const RECORD = path.join(import.meta.dirname, 'versions.json');
const recorded = JSON.parse(readFileSync(RECORD, 'utf8')) as Record<
  string,
  { version: number; sha256: string } | undefined
>;

/**
 * A stored reward is reused while the verifier's version is the same, so a changed verifier needs a new version. Nobody
 * but a person can tell whether a change can give any reply another reward; this makes them say so.
 */
describe('the version of a built-in verifier', () => {
  it.each(Object.keys(ENVIRONMENTS))('is raised when the source changes: %s', async (name) => {
    const { version } = await ENVIRONMENTS[name]!();
    const files = sourceOf(name);
    const now = { version, sha256: digestOf(files) };
    expect(
      recorded[name],
      `The source of ${name} changed (one of ${files.join(', ')}). If any reply can get another reward, raise ` +
        `"version" in its environment.ts. Then record ${JSON.stringify(now)} in test/environments/versions.json.`,
    ).toEqual(now);
  });

  it('looks at the folder, and at what it shares with others, but not at all of it', () => {
    const files = sourceOf('mcqa');
    for (const file of ['answer-colon', 'boxed', 'environment', 'options', 'output-regex']) {
      expect(files).toContain(`environments/mcqa/${file}.ts`);
    }
    expect(files.some((file) => file.startsWith('python/'))).toBe(true);
    expect(files).toContain('environments/key-metrics.ts');
    expect(files).not.toContain('environments/defined-environment.ts');
    expect(sourceOf('example_single_tool_call')).toEqual([
      'environments/example_single_tool_call/environment.ts',
      'environments/function-calls.ts',
      'protocol/json.ts',
      'protocol/responses.ts',
    ]);
  });
});
