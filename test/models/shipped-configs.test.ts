import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { MODEL_TYPES } from '../../src/models/index.js';
import { staysInContent } from '../../src/transport/redaction/index.js';
import { conformanceMissing, conformancePath } from '../support/conformance.js';

const shipped = path.resolve(import.meta.dirname, '../../configs/responses_api_models');
const files = readdirSync(shipped, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.yaml'),
);
const load = (file: string): Record<string, Record<string, Record<string, Record<string, unknown>>>> =>
  parse(readFileSync(file, 'utf8'));

describe('shipped model configurations', () => {
  it.each(files)('%s names a type that is built in, in its folder, with known keys only', async (file) => {
    const servers = Object.entries(load(path.join(shipped, file))).filter(
      ([, block]) => typeof block === 'object',
    );
    expect(servers).toHaveLength(1);
    const [type, config] = Object.entries(servers[0]![1]['responses_api_models']!)[0]!;
    expect(file.split(path.sep)[0]).toBe(type);
    const { knownKeys } = await MODEL_TYPES[type]!();
    expect(knownKeys).toEqual(expect.arrayContaining(Object.keys(config)));
    // A key that stands here is no secret: nobody is to be told what becomes of it.
    const written = Object.entries(config).filter(([key]) => key.endsWith('api_key'));
    expect(written.filter(([, key]) => !String(key).includes('${') && staysInContent(String(key)))).toEqual(
      [],
    );
  });
});

describe.skipIf(conformanceMissing)('against the reference', () => {
  const same = files.filter((file) => {
    try {
      return readFileSync(conformancePath('config/files/responses_api_models', file)).length > 0;
    } catch {
      return false;
    }
  });

  it('has the files of the reference', () => {
    expect(same.length).toBeGreaterThanOrEqual(16);
  });

  it.each(same)('%s holds the same values', (file) => {
    const theirs = conformancePath('config/files/responses_api_models', file);
    expect(load(path.join(shipped, file))).toEqual(load(theirs));
  });
});
