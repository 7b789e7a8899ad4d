import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { NoWorkspace, Registry, Taken } from '../../src/platform/registry/index.js';
import { openDatabase, type Database, type Queries } from '../../src/store/index.js';
import { postgresMissing, startCluster, type Cluster } from '../support/postgres.js';
import { startProvider } from '../support/provider/provider.mjs';
import { GATEWAY, masterKeyFor, MODELS, SECRETS, testPlatform, until, type TestPlatform } from './support.js';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

describe('a registry', () => {
  it('knows what it is told is taken, before the notice of the process that made it', async () => {
    const database = await openDatabase(':memory:');
    ends.push(() => database.close());
    // Notices that take for ever.
    const mute: Database = Object.assign(Object.create(database) as Database, {
      listen: () => Promise.resolve(() => undefined),
    });
    const [one, other] = await Promise.all([Registry.open(mute, Date.now), Registry.open(mute, Date.now)]);
    const made = await one.create('workspace', '', 'default', {});
    await expect(other.create('workspace', '', 'default', {})).rejects.toThrow(Taken);
    expect(other.get('workspace', '', 'default')).toEqual(made);
  });

  it('removes a workspace with all that is in it, or nothing of it, and lets nothing be made in one that goes', async () => {
    const database = await openDatabase(':memory:');
    ends.push(() => database.close());
    let breaks = true;
    const frail: Database = Object.assign(Object.create(database) as Database, {
      transaction: <T>(work: (queries: Queries) => Promise<T>) =>
        database.transaction((queries) =>
          work({
            ...queries,
            run(sql, ...values) {
              if (breaks && sql.startsWith('delete from entities where kind')) throw new Error('no power');
              return queries.run(sql, ...values);
            },
          }),
        ),
    });
    const registry = await Registry.open(frail, Date.now);
    await registry.create('workspace', '', 'ws', {});
    await registry.create('secret', 'ws', 'key', {});
    await registry.create('model', 'ws', 'mm', {});
    const rows = async () => (await database.all('select name from entities order by name')).length;
    await expect(registry.removeWorkspace('ws')).rejects.toThrow('no power');
    expect([await rows(), registry.list('secret', 'ws').length]).toEqual([3, 1]);
    breaks = false;
    const [removed, late] = await Promise.allSettled([
      registry.removeWorkspace('ws'),
      registry.create('secret', 'ws', 'late', {}),
    ]);
    expect(removed).toEqual({ status: 'fulfilled', value: true });
    expect(late).toMatchObject({ status: 'rejected', reason: expect.any(NoWorkspace) as unknown });
    expect([await rows(), registry.list('secret', 'ws').length]).toEqual([0, 0]);
    expect(await registry.removeWorkspace('ws')).toBe(false);
  });
});

describe('discovery', () => {
  it('makes the models of a provider by itself, follows it, and is not stopped by one that does not answer', async () => {
    const upstream = await startProvider({ models: ['meta/Llama-3.1', '42', 'x'] });
    ends.push(() => upstream.close());
    const platform = await testPlatform();
    ends.push(() => platform.end());
    await platform.ask('POST', `${MODELS}/providers`, { name: 'dead', host_url: 'http://127.0.0.1:9/v1' });
    await platform.ask('POST', `${MODELS}/providers`, { name: 'odd', host_url: 'nothing at all' });
    await platform.ask('POST', `${MODELS}/providers`, { name: 'pp', host_url: upstream.baseUrl });
    const statusOf = async (name: string): Promise<string> =>
      (await platform.ask('GET', `${MODELS}/providers/${name}`)).body.status as string;
    await until(
      async () =>
        (await statusOf('pp')) === 'READY' &&
        (await statusOf('dead')) === 'ERROR' &&
        (await statusOf('odd')) === 'ERROR',
    );
    const listed = async (): Promise<string[]> =>
      ((await platform.ask('GET', `${GATEWAY}/openai/-/v1/models`)).body.data as { id: string }[]).map(
        ({ id }) => id,
      );
    // An id of one character has no name that is long enough.
    await until(async () => (await listed()).join() === 'default/m-42,default/meta-llama-3-1');
    await platform.ask('DELETE', `${MODELS}/providers/pp`);
    await until(async () => (await listed()).length === 0);
  });
});

describe.skipIf(postgresMissing !== false)('two platforms on one PostgreSQL', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster.remove());

  async function two(): Promise<[TestPlatform, TestPlatform]> {
    const url = await cluster.database();
    const masterKeys = [masterKeyFor(randomBytes(32))];
    const start = async (): Promise<TestPlatform> => {
      const database = await openDatabase(url);
      ends.push(() => database.close());
      const platform = await testPlatform({ database, masterKeys, discovery: false });
      ends.push(() => platform.end());
      return platform;
    };
    return await Promise.all([start(), start()]);
  }

  it('serve the same: a change shows in the other, secrets included', async () => {
    const [one, other] = await two();
    await one.ask('POST', SECRETS, { name: 'key', value: 'v1' });
    const seen = async () => (await other.ask('GET', `${SECRETS}/key/access`)).body.value as unknown;
    await until(async () => (await seen()) === 'v1');
    await other.ask('PATCH', `${SECRETS}/key`, { value: 'v2' });
    await until(async () => (await one.ask('GET', `${SECRETS}/key/access`)).body.value === 'v2');
    await one.ask('DELETE', `${SECRETS}/key`);
    await until(async () => (await seen()) === undefined);
    // Of two that are made at once one is.
    const made = await Promise.all(
      [one, other].map((platform) => platform.ask('POST', `${MODELS}/models`, { name: 'same' })),
    );
    expect(made.map(({ status }) => status).toSorted()).toEqual([201, 409]);
  });

  it('lose no change of several made at once', async () => {
    const [one, other] = await two();
    await one.ask('POST', `${MODELS}/models`, { name: 'ent' });
    await until(async () => (await other.ask('GET', `${MODELS}/models/ent`)).status === 200);
    const fields = [
      'description',
      'base_model',
      'custom_fields',
      'ownership',
      'finetuning_type',
      'backend_format',
    ];
    const values: Record<string, unknown> = {
      description: 'd',
      base_model: 'b',
      custom_fields: { a: 1 },
      ownership: { o: 1 },
      finetuning_type: 'lora',
      backend_format: 'OPENAI_CHAT',
    };
    const changes = fields.map((field, index) =>
      (index % 2 === 0 ? one : other).ask('PATCH', `${MODELS}/models/ent`, { [field]: values[field] }),
    );
    expect((await Promise.all(changes)).map(({ status }) => status)).toEqual(fields.map(() => 200));
    for (const platform of [one, other]) {
      await until(async () => {
        const { body } = await platform.ask('GET', `${MODELS}/models/ent`);
        return fields.every((field) => JSON.stringify(body[field]) === JSON.stringify(values[field]));
      });
    }
  });

  it('answer while the database is away, and serve its changes when it is back', async () => {
    const [one, other] = await two();
    const upstream = await startProvider({ models: ['fake-model'] });
    ends.push(() => upstream.close());
    await one.addProvider('pp', { host_url: upstream.baseUrl });
    const chat = (platform: TestPlatform) =>
      platform.ask('POST', `${GATEWAY}/openai/-/v1/chat/completions`, {
        model: 'fake-model',
        messages: [{ role: 'user', content: 'x' }],
      });
    await until(async () => (await chat(other)).status === 200);
    await cluster.stop();
    expect((await chat(one)).status).toBe(200);
    expect((await one.ask('GET', '/health/ready')).status).toBe(503);
    const failed = await one.ask('POST', `${MODELS}/models`, { name: 'late' });
    expect([failed.status, failed.body.detail]).toEqual([503, expect.stringContaining('database')]);
    await cluster.start();
    await until(async () => (await one.ask('POST', `${MODELS}/models`, { name: 'late' })).status === 201);
    await until(async () => (await other.ask('GET', `${MODELS}/models/late`)).status === 200);
    expect((await one.ask('GET', '/health/ready')).status).toBe(200);
  });
});
