import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { processExecutor } from '../../../src/platform/deployments/executors/process.js';
import { openDatabase } from '../../../src/store/index.js';
import { postgresMissing, startCluster, type Cluster } from '../../support/postgres.js';
import { masterKeyFor, MODELS, testPlatform, until, type TestPlatform } from '../support.js';
import { answers, NODE, SERVER } from './support.js';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** Longer than a look at what is to do takes to come. */
async function longUntil(held: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 5; tries += 1) {
    const done = await until(held).then(
      () => true,
      () => false,
    );
    if (done) return;
  }
  throw new Error('it never came to be so');
}

describe.skipIf(postgresMissing !== false)('platforms on one PostgreSQL', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster.remove());

  it('run a deployment once; another takes it over, and logs are where it runs', async () => {
    const url = await cluster.database();
    const masterKeys = [masterKeyFor(randomBytes(32))];
    const folder = mkdtempSync(path.join(tmpdir(), 'ngym-shared-'));
    undo.push(() => rmSync(folder, { recursive: true, force: true }));
    const start = async (): Promise<TestPlatform> => {
      const database = await openDatabase(url);
      undo.push(() => database.close());
      return await testPlatform({
        database,
        masterKeys,
        executors: ({ clock }) => [
          processExecutor({ clock, allowed: [NODE], folder, env: process.env, graceMs: 300 }),
        ],
      });
    };
    const [one, other] = [await start(), await start()];
    undo.push(() => other.end());
    const command = [NODE, SERVER, '--model', 'm'];
    const run = { gpu: 0, health_check_path: '/health', override_config: { process: { command } } };
    const config = { name: 'dep', engine: 'generic', model_spec: {}, executor_config: run };
    expect((await one.ask('POST', `${MODELS}/deployment-configs`, config)).status).toBe(201);
    await until(async () => (await other.ask('GET', `${MODELS}/deployment-configs/dep`)).status === 200);
    // Made at the one that runs none.
    expect((await other.ask('POST', `${MODELS}/deployments`, { name: 'dep', config: 'dep' })).status).toBe(
      201,
    );
    const seen = async (at: TestPlatform) =>
      (await at.ask('GET', `${MODELS}/deployments/dep`)).body as Record<string, unknown>;
    await longUntil(async () => (await seen(other))['status'] === 'READY');
    const host = async (at: TestPlatform): Promise<string> =>
      (await at.ask('GET', `${MODELS}/providers/dep`)).body.host_url as string;
    const first = await host(other);
    expect((await one.ask('GET', `${MODELS}/deployments/dep/logs`)).body.lines.length).toBeGreaterThan(0);
    expect((await other.ask('GET', `${MODELS}/deployments/dep/logs`)).status).toBe(409);
    await one.end();
    expect(await answers(first)).toBe(false);
    await longUntil(async () => (await host(other)) !== first && (await seen(other))['status'] === 'READY');
    expect(await answers(await host(other))).toBe(true);
  });
});
