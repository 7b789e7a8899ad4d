import { afterEach, describe, expect, it } from 'vitest';
import { MODELS, testPlatform, type TestPlatform } from './support.js';

const FILES = '/apis/files/v2/workspaces/default/filesets';
const LORA = { finetuning_type: 'lora', lora_config: { rank: 8 } };

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(): Promise<TestPlatform> {
  const platform = await testPlatform({ discovery: false });
  ends.push(() => platform.end());
  const storage = { type: 'huggingface', repo_id: 'org/adapter' };
  const made = await platform.ask('POST', FILES, { name: 'fs', storage });
  expect([made.status, made.body.storage]).toEqual([200, expect.objectContaining(storage)]);
  await platform.ask('POST', `${MODELS}/models`, { name: 'llama', fileset: 'default/fs' });
  return platform;
}

describe('adapters', () => {
  it('belong to a model, which shows them, and go with it', async () => {
    const platform = await start();
    const nested = `${MODELS}/models/llama/adapters`;
    const made = await platform.ask('POST', nested, { name: 'math', fileset: 'fs', ...LORA });
    expect([made.status, made.body]).toEqual([
      201,
      expect.objectContaining({ name: 'math', model: 'default/llama', enabled: true, fileset: 'fs' }),
    ]);
    const other = { name: 'code', fileset: 'default/fs', model: 'llama', enabled: false, ...LORA };
    expect((await platform.ask('POST', `${MODELS}/adapters`, other)).status).toBe(201);
    const again = await platform.ask('POST', nested, { name: 'code', fileset: 'fs', ...LORA });
    expect([again.status, again.body.detail]).toEqual([
      409,
      "Adapter with name 'code' already exists in workspace 'default'",
    ]);
    const none = await platform.ask('POST', `${MODELS}/adapters`, { ...other, name: 'xx', model: 'nope' });
    expect([none.status, none.body.detail]).toEqual([404, "Base model for adapter (model='nope') not found"]);
    const listed = await platform.ask('GET', `${MODELS}/adapters?filter[enabled]=false`);
    expect((listed.body.data as { name: string }[]).map(({ name }) => name)).toEqual(['code']);
    const changed = await platform.ask('PATCH', `${nested}/code`, { enabled: true, description: 'd' });
    expect(changed.body).toMatchObject({ enabled: true, description: 'd' });
    expect(
      (await platform.ask('PATCH', `${MODELS}/adapters/code`, { description: 'e' })).body.description,
    ).toBe('e');
    const model = await platform.ask('GET', `${MODELS}/models/llama`);
    expect((model.body.adapters as { name: string }[]).map(({ name }) => name)).toEqual(['math', 'code']);
    expect((await platform.ask('DELETE', `${nested}/math`)).status).toBe(204);
    expect((await platform.ask('DELETE', `${MODELS}/models/llama`)).status).toBe(204);
    expect((await platform.ask('GET', `${MODELS}/adapters`)).body.pagination.total_results).toBe(0);
  });
});
