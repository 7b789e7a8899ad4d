import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderDataset } from '../../src/rollouts/index.js';
import { readParameters } from '../../src/rollouts/parameters.js';
import type { Provider } from '../support/provider/provider.mjs';
import { startProvider } from '../support/provider/provider.mjs';
import { mcqaRows, Workspace } from './workspace.js';

let provider: Provider;
let space: Workspace;

beforeEach(async () => {
  provider = await startProvider();
  space = new Workspace(provider.baseUrl);
});

afterEach(async () => {
  await provider.close();
  space.remove();
});

const errorOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: unknown) => String(error),
  );

describe('readParameters', () => {
  it('reads numbers as leniently as the reference, and the old name of the concurrency', async () => {
    const read = async (...overrides: string[]) =>
      readParameters(await space.config(...overrides), { split: false });
    expect(await read('+limit="4"', '+num_repeats=4.0', '+concurrency=7')).toMatchObject({
      limit: 4,
      numRepeats: 4,
      concurrency: 7,
    });
    expect(await read('+limit=0', '+num_repeats={a:2,_default:1}')).toMatchObject({
      limit: null,
      numRepeats: { a: 2, _default: 1 },
      concurrency: 64,
    });
    expect((await read('+num_samples_in_parallel=0')).concurrency).toBe(10_000);
    expect((await read('+num_samples_in_parallel=null', '+overwrite="yes"')).overwrite).toBe(true);
  });

  it('lists every wrong or missing parameter at once, with where it came from', async () => {
    const message = await errorOf(
      space.collect(['+limit=x', '+num_repeats=0', '~output_jsonl_fpath', '+overwrite=maybe']),
    );
    expect(message).toContain('4 parameters are missing or not valid');
    expect(message).toContain('limit: must be an integer (+limit=x)');
    expect(message).toContain('num_repeats: must be 1 or more (+num_repeats=0)');
    expect(message).toContain('output_jsonl_fpath (--output): missing');
    expect(message).toContain('overwrite: must be true or false');
  });
});

describe('the preflight', () => {
  it('ends a run with a wrong key before a row is sent, and lets it start with the right one', async () => {
    await provider.close();
    provider = await startProvider({ apiKey: 'the-right-key' });
    space = new Workspace(provider.baseUrl);
    space.writeRows('in.jsonl', mcqaRows(3));
    const check = '++preflight=true';
    expect(await errorOf(space.collect([check]))).toContain('HTTP 401');
    const model = 'policy_model.responses_api_models.inference_provider';
    const right = await space.collect([check, `++${model}.api_key=the-right-key`]);
    expect(right).toMatchObject({ status: 'complete', balance: { scored: 3, failed: 0 } });
    expect(provider.counts().requests).toBe(4);
    await space.collect([check]);
    expect(provider.counts().requests).toBe(4);
  });
});

describe('where tasks come from', () => {
  it('names every place where a missing input was looked for', async () => {
    const message = await errorOf(space.collect(['input_jsonl_fpath=nowhere.jsonl']));
    expect(message).toContain('There is no file "nowhere.jsonl"');
    expect(message).toContain(space.file('nowhere.jsonl'));
  });

  it('suggests the agent when rows name one that does not exist, and leaves no files', async () => {
    space.writeRows('in.jsonl', mcqaRows(1));
    const message = await errorOf(space.collect(['agent_name=mcqa_simple_agnt']));
    expect(message).toContain('Did you mean "mcqa_simple_agent"?');
    const { readdirSync } = await import('node:fs');
    expect(readdirSync(space.file('out'))).toEqual([]);
  });

  it('can be a pipe, which gives each byte once; its run is resumed from another', async () => {
    const text = mcqaRows(3).map((row) => `${JSON.stringify(row)}\n`);
    execFileSync('mkfifo', [space.file('in.jsonl')]);
    for (const requests of [3, 3]) {
      const [summary] = await Promise.all([
        space.collect(),
        writeFile(space.file('in.jsonl'), text.join('')),
      ]);
      expect(summary).toMatchObject({ status: 'complete', balance: { scored: 3 } });
      expect(provider.counts().requests).toBe(requests);
    }
  });

  it('can be the datasets that agents declare, with their repeats', async () => {
    space.writeRows('a.jsonl', mcqaRows(2));
    const block = '++mcqa_simple_agent.responses_api_agents.simple_agent.datasets';
    const datasets = `${block}=[{name:a,type:example,jsonl_fpath:a.jsonl,num_repeats:2}]`;
    const summary = await space.collect([datasets, '+split=example'], { source: 'split' });
    expect(summary.balance).toMatchObject({ planned: 4, scored: 4 });
    expect(space.keys('out/r.jsonl')).toEqual(['0:0', '0:1', '1:0', '1:1']);
    expect(space.rows('out/r/preprocessed_datasets/example.jsonl')[0]).toMatchObject({
      agent_ref: { type: 'responses_api_agents', name: 'mcqa_simple_agent' },
    });
    const none = await errorOf(space.collect([datasets, '+split=train'], { source: 'split' }));
    expect(none).toContain('No agent of the configuration declares a dataset of type "train"');
    expect(none).toContain('Declared: example');
  });

  it('stamps skills on rows, and refuses to resume when they changed', async () => {
    mkdirSync(space.file('skills/one'), { recursive: true });
    space.write('skills/one/SKILL.md', '---\nname: one\ndescription: d\n---\ntext\n');
    space.writeRows('in.jsonl', mcqaRows(1));
    await space.collect(['+skills.path=skills']);
    const [row] = space.rows('out/r.jsonl');
    expect(row!['skills_ref']).toMatchObject({
      path: space.file('skills'),
      hash: expect.stringMatching(/^[0-9a-f]{12}$/) as string,
      skills: [{ name: 'one', description: 'd', version: null }],
    });
    space.write('skills/one/SKILL.md', '---\nname: one\n---\nother text\n');
    expect(await errorOf(space.collect(['+skills.path=skills']))).toContain('parameters.skills_hash');
    space.write('skills/one/SKILL.md', 'no front matter');
    expect(await errorOf(space.collect(['+skills.path=skills']))).toContain('one/SKILL.md has no "name"');
  });
});

describe('renderDataset', () => {
  const options = () => ({
    input: 'in.jsonl',
    output: 'deep/out.jsonl',
    promptConfig: 'p.yaml',
    cwd: space.dir,
    roots: [],
  });

  it('fills the template and writes as Python does', async () => {
    space.write('p.yaml', 'user: "Q: {q}"\n');
    space.write('in.jsonl', '{"q":"é","n":1.0}\n{"q":true,"responses_create_params":{"top_p":0.5}}\n');
    expect(await renderDataset(options())).toBe(2);
    const used = JSON.stringify(space.file('p.yaml'));
    expect(space.read('deep/out.jsonl')).toBe(
      '{"q": "\\u00e9", "n": 1.0, "responses_create_params": {"input": [{"role": "user", "content": "Q: \\u00e9"}]}, ' +
        `"prompt_config_used": ${used}}\n` +
        '{"q": true, "responses_create_params": {"top_p": 0.5, "input": [{"role": "user", "content": "Q: True"}]}, ' +
        `"prompt_config_used": ${used}}\n`,
    );
  });

  it('lists the rows that do not fit, and writes nothing then', async () => {
    space.write('p.yaml', 'user: "Q: {q}"\n');
    space.write('in.jsonl', '{"q":1}\n{"x":1}\n\n');
    const message = await errorOf(renderDataset(options()));
    expect(message).toContain(`${space.file('in.jsonl')}:2: the row has no field "q" (it has: x)`);
    expect(message).toContain(':3: blank line');
    const { existsSync } = await import('node:fs');
    expect(existsSync(space.file('deep/out.jsonl'))).toBe(false);
    space.write('p.yaml', 'system: hi\n');
    expect(await errorOf(renderDataset(options()))).toContain('"user" must be text');
  });
});
