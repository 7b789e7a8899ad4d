import { describe, expect, it } from 'vitest';
import type { ConfigObject } from '../../src/config/index.js';
import type { Comparison } from '../../src/rollouts/store/differences.js';
import { compareRuns } from '../../src/rollouts/store/differences.js';
import type { Identity } from '../../src/rollouts/store/identity.js';

const model = { type: 'responses_api_models', implementation: 'm', model: 'x' };
const judge = { type: 'responses_api_models', implementation: 'm', model: 'j' };
const env = {
  type: 'resources_servers',
  implementation: 'e',
  judge_server: { type: 'responses_api_models', name: 'judge' },
};
const agent = {
  type: 'responses_api_agents',
  implementation: 'a',
  resources_server: { type: 'resources_servers', name: 'env' },
  model_server: { type: 'responses_api_models', name: 'model' },
};
const digest = (letter: string): string => letter.repeat(64);
const run: Identity = {
  data_sha256: 'a',
  parameters: { limit: null, n: [1, 2] },
  servers: { agent, env, judge, model },
  code: { env: { files: { 'e.ts': digest('1') } } },
};

/** `limits` is operational in every block. */
const semantic = new Map(
  Object.keys(run.servers).map((name) => [
    name,
    (block: ConfigObject) =>
      Promise.resolve(Object.fromEntries(Object.entries(block).filter(([key]) => key !== 'limits'))),
  ]),
);

const compare = (stored: Identity, wanted: Identity): Promise<Comparison> =>
  compareRuns(stored, { identity: wanted, semantic, reverifyModes: new Map() }, ['agent']);

describe('compareRuns', () => {
  it('names each key that differs with both values', async () => {
    const wanted = {
      ...run,
      parameters: { limit: 5, n: [1] },
      servers: { ...run.servers, model: { ...model, model: 'y', k: {} } },
    };
    const { differing, onlyVerifiers } = await compare(run, wanted);
    expect(differing).toEqual([
      'parameters.limit: null → 5',
      'parameters.n.1: 2 → (absent)',
      'servers.model.model: "x" → "y"',
      'servers.model.k: (absent) → {}',
    ]);
    expect(onlyVerifiers).toBe(false);
    expect(await compare(run, run)).toMatchObject({ differing: [], onlyVerifiers: false, unrecorded: [] });
  });

  it('names files that changed, came and went', async () => {
    const files = { 'e.ts': digest('2'), 'new.ts': digest('3') };
    const stored = { ...run, code: { env: { files: { 'e.ts': digest('1'), 'old.ts': digest('4') } } } };
    const wanted = { ...run, code: { env: { files, named: { 'prompt.file': digest('5') } } } };
    const { differing, onlyVerifiers } = await compare(stored, wanted);
    expect(differing).toEqual([
      'env: e.ts changed since the run began (sha256 111111111111 → 222222222222)',
      'env: old.ts was left out since the run began (sha256 444444444444 → (absent))',
      'env: new.ts is new since the run began (sha256 (absent) → 333333333333)',
      'env: the file that "prompt.file" names is new since the run began (sha256 (absent) → 555555555555)',
    ]);
    expect(onlyVerifiers).toBe(true);
  });

  it('knows what only scores: environments, and judges that no agent asks', async () => {
    const changed = (name: string, block: ConfigObject): Identity => ({
      ...run,
      servers: { ...run.servers, [name]: { ...(run.servers[name] as ConfigObject), ...block } },
    });
    expect((await compare(run, changed('judge', { model: 'k' }))).onlyVerifiers).toBe(true);
    expect((await compare(run, changed('env', { tolerance: 1 }))).onlyVerifiers).toBe(true);
    expect((await compare(run, changed('model', { model: 'k' }))).onlyVerifiers).toBe(false);
    expect((await compare(run, changed('agent', { max_steps: 1 }))).onlyVerifiers).toBe(false);
    // The judge is the model that plays, too.
    const shared = changed('env', { judge_server: { type: 'responses_api_models', name: 'model' } });
    const other = { ...shared, servers: { ...shared.servers, model: { ...model, model: 'k' } } };
    expect((await compare(shared, other)).onlyVerifiers).toBe(false);
    const both = { ...changed('env', { tolerance: 1 }), data_sha256: 'b' };
    expect((await compare(run, both)).onlyVerifiers).toBe(false);
  });

  it('leaves out what is operational now though it was recorded', async () => {
    const stored = { ...run, servers: { ...run.servers, agent: { ...agent, limits: 3 } } };
    expect((await compare(stored, run)).differing).toEqual([]);
  });
});

describe('a manifest of the first version', () => {
  const first: Identity = { data_sha256: run.data_sha256, parameters: run.parameters, servers: run.servers };

  it('is taken as it is for built-in parts, also where it left keys out by name', async () => {
    const wanted = {
      ...run,
      servers: { ...run.servers, env: { ...env, value: 1, max_attempts: 3 } },
      code: { env: { version: 1 } },
    };
    expect(await compare(first, wanted)).toMatchObject({ differing: [], unrecorded: ['env'] });
    const other = { ...wanted, servers: { ...wanted.servers, env: { ...env, tolerance: 1 } } };
    expect((await compare(first, other)).differing).toEqual(['servers.env.tolerance: (absent) → 1']);
  });

  it('differs where the program is a user’s', async () => {
    const { differing, onlyVerifiers } = await compare(first, run);
    expect(differing).toEqual(['env: what e.ts held when the run began was not recorded']);
    expect(onlyVerifiers).toBe(true);
  });
});
