import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../support/build.js';
import { run, workspace } from './program.js';

const stored = (task: number, rollout: number, reward: string): string =>
  `{"response":{"output":[],"usage":null},"reward":${reward},"_ng_task_index":${task},"_ng_rollout_index":${rollout},"agent_ref":{"name":"mcqa_simple_agent"}}\n`;
const input = (task: number, rollout: number): string =>
  `{"responses_create_params":{"input":"q"},"agent_ref":{"name":"mcqa_simple_agent"},"_ng_task_index":${task},"_ng_rollout_index":${rollout}}\n`;

const here = workspace({
  'rows.jsonl':
    '{"q":"six times seven","responses_create_params":{}}\n{"q":"2+2","responses_create_params":{}}\n',
  'prompt.yaml': 'system: Be brief.\nuser: "Question: {q}"\n',
  'extra/resources_servers/mine/configs/mine.yaml':
    'mine:\n  resources_servers:\n    mine: {entrypoint: mine.mjs, domain: math, description: Of my own}\n',
  'extra/mine.mjs':
    "import { defineEnvironment } from 'ngym';\nexport default defineEnvironment({ name: 'mine', verify: () => ({ reward: 1 }) });\n",
  'bad.yaml': 'a: [1,\n  b: }\n',
  'shard0.jsonl': stored(0, 0, '1.0') + stored(0, 1, '0.0'),
  'shard1.jsonl': stored(1, 0, '1.0') + stored(1, 1, '1.0'),
  'all_inputs.jsonl': input(0, 0) + input(0, 1) + input(1, 0) + input(1, 1),
});
beforeAll(ensureBuilt);
afterAll(here.remove);

async function ng(...args: string[]) {
  const { code, stdout, stderr } = await run(args, { cwd: here.cwd });
  return { code, stdout: here.hide(stdout), stderr: here.hide(stderr) };
}

const mcqa = ['--resources-server', 'mcqa', '--model-type', 'inference_provider/together'];

describe('env resolve', () => {
  it('prints the merged configuration without the secret', async () => {
    const { code, stdout } = await ng(
      'env',
      'resolve',
      ...mcqa,
      '-m',
      'a/b',
      '--model-api-key',
      'sk-very-secret-1',
    );
    expect(code).toBe(0);
    expect(stdout).toContain(
      'base_url: https://api.together.xyz/v1\n      api_key: "****"\n      model: a/b\n',
    );
    expect(stdout).not.toContain('sk-very-secret-1');
  });

  it('is what ng_dump_config prints', async () => {
    const args = [...mcqa, '+policy_model_name=x', '+policy_api_key=k'];
    const old = await run(args, { cwd: here.cwd, name: 'ng_dump_config' });
    expect(here.hide(old.stdout)).toBe((await ng('env', 'resolve', ...args)).stdout);
  });

  it('explains where a value came from', async () => {
    const key = 'policy_model.responses_api_models.inference_provider.model';
    const { code, stdout } = await ng(
      'env',
      'resolve',
      ...mcqa,
      '-m',
      'a/b',
      '--model-api-key',
      'k',
      '--explain',
      key,
    );
    expect(code).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "policy_model.responses_api_models.inference_provider.model = "a/b"
        from     <package>/configs/responses_api_models/inference_provider/configs/together.yaml:9, written \${policy_model_name}
        uses     policy_model_name = "a/b", from argument +policy_model_name=a/b
      "
    `);
  });

  it('says where YAML is broken', async () => {
    const { code, stdout, stderr } = await ng('env', 'resolve', '--config', 'bad.yaml');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: .*\n(.*\n)*  at bad\.yaml:2:\d+\n  fix: /);
  });
});

describe('env validate', () => {
  it('needs no model and no key', async () => {
    expect(await ng('env', 'validate', '--resources-server', 'mcqa')).toEqual({
      code: 0,
      stdout: 'valid: policy_model (dummy_model), mcqa (mcqa), mcqa_simple_agent (simple_agent)\n',
      stderr: '',
    });
  });

  it('exits 2 with the reason, on stdout as JSON when asked', async () => {
    const args = [
      'env',
      'validate',
      '--resources-server',
      'mcqa',
      '++mcqa_simple_agent.responses_api_agents.simple_agent.resources_server.name=mcqb',
    ];
    const plain = await ng(...args);
    expect(plain).toMatchObject({ code: 2, stdout: '' });
    expect(plain.stderr).toContain('mcqb');
    const { code, stdout, stderr } = await ng(...args, '--json');
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      valid: false,
      error: { message: expect.stringContaining('mcqb') },
    });
  });
});

describe('selectors', () => {
  it('find files in search directories first', async () => {
    const { code, stdout } = await ng(
      'env',
      'validate',
      '--search-dir',
      'extra',
      '--resources-server',
      'mine',
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'valid: policy_model (dummy_model), mine (mine)\n' });
  });

  it('name the file, the near names and the places when there is none', async () => {
    expect(await ng('eval', 'run', '--model-type', 'inference_provider/togehter')).toEqual({
      code: 2,
      stdout: '',
      stderr: [
        'error: --model-type inference_provider/togehter: there is no responses_api_models/inference_provider/configs/togehter.yaml. Did you mean "inference_provider/together"?',
        '  at --model-type',
        '  fix: Looked in:',
        '    <here>/responses_api_models',
        '    <package>/configs/responses_api_models',
        '    <package>/data/responses_api_models',
        '  Add a directory with --search-dir, or name the file with --config.',
        '',
      ].join('\n'),
    });
  });
});

describe('list', () => {
  it('prints a table, or the same as JSON', async () => {
    const table = await ng('list', 'models');
    expect(table.code).toBe(0);
    expect(table.stdout).toMatch(/^name +model +model_group\n/);
    expect(table.stdout).toMatch(
      /^inference_provider\/together +\$\{policy_model_name\} +inference_provider$/m,
    );
    const rows = JSON.parse((await ng('list', 'models', '--json')).stdout) as { name: string }[];
    expect(rows).toHaveLength(table.stdout.trimEnd().split('\n').length - 1);
    expect(Object.keys(rows[0]!)).toEqual(['name', 'model', 'model_group']);
  });

  it('shows one in full, by name or by the last part of it', async () => {
    const { code, stdout } = await ng('list', 'models', 'together');
    expect(code).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "inference_provider/together (models)
        Together AI. Needs policy_api_key and policy_model_name (env.yaml or +key=value).
        config: <package>/configs/responses_api_models/inference_provider/configs/together.yaml
        instance: policy_model
        base_url: https://api.together.xyz/v1
        model: \${policy_model_name}

        ng eval run --model-type inference_provider/together --resources-server mcqa --agent mcqa_simple_agent …
      "
    `);
    expect((await ng('list', 'models', 'inference_provider/together')).stdout).toBe(stdout);
  });

  it('knows what --search-dir adds', async () => {
    const { stdout } = await ng('list', 'resources-servers', 'mine', '--search-dir', 'extra', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ name: 'mine', domain: 'math', description: 'Of my own' });
  });

  it('suggests a name', async () => {
    expect(await ng('list', 'agents', 'mcqa_agent')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^error: There is no "mcqa_agent" among the agents\./),
    });
  });

  it('says so on stderr when there is nothing', async () => {
    expect(await ng('list', 'benchmarks')).toEqual({
      code: 0,
      stdout: '',
      stderr: `no benchmarks found: none is shipped; looked in
    <here>/benchmarks
    <package>/configs/benchmarks
    <package>/data/benchmarks
  add a directory with --search-dir, e.g. a checkout of NeMo Gym
`,
    });
  });
});

describe('dataset render', () => {
  it('fills the template and says how many rows it wrote', async () => {
    const args = ['-i', 'rows.jsonl', '--prompt-config', 'prompt.yaml', '-o', 'out/rendered.jsonl'];
    expect(await ng('dataset', 'render', ...args)).toEqual({
      code: 0,
      stdout: '2 rows written to <here>/out/rendered.jsonl\n',
      stderr: '',
    });
    const [first] = readFileSync(path.join(here.cwd, 'out/rendered.jsonl'), 'utf8').split('\n');
    expect(JSON.parse(first!)).toMatchObject({
      responses_create_params: {
        input: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Question: six times seven' },
        ],
      },
    });
  });

  it('names the flag that is missing', async () => {
    expect(await ng('dataset', 'render', '-i', 'rows.jsonl')).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'error: "ng dataset render" needs output_jsonl_fpath.\n  at output_jsonl_fpath\n  fix: Give it as --output, or as +output_jsonl_fpath=….\n',
    });
  });
});

describe('stored rollouts', () => {
  it('are merged and aggregated, with the metrics of their environment when a config names it', async () => {
    const plain = await ng('eval', 'aggregate', '-i', 'shard0.jsonl,shard1.jsonl', '-o', 'out/all.jsonl');
    expect(plain).toMatchObject({ code: 0, stderr: '' });
    expect(plain.stdout).toMatchInlineSnapshot(`
      "4 rollouts of 2 files

      mcqa_simple_agent
        mean/reward  0.75

      Files
        rollouts  <here>/out/all.jsonl
        metrics   <here>/out/all_aggregate_metrics.json
      "
    `);
    const json = await run(
      [
        '+config_paths=[resources_servers/mcqa/configs/mcqa.yaml]',
        "+input_glob='shard*.jsonl'",
        '+output_jsonl_fpath=out/again.jsonl',
        '--json',
      ],
      { cwd: here.cwd, name: 'ng_aggregate_rollouts' },
    );
    expect(JSON.parse(json.stdout)).toMatchObject({
      rows: 4,
      key_metrics: { mcqa_simple_agent: { 'mean/reward': 0.75, 'pass@1[avg-of-2]/accuracy': 75 } },
    });
  });

  it('are profiled into two files', async () => {
    const { code, stdout } = await run(
      [
        '+materialized_inputs_jsonl_fpath=all_inputs.jsonl',
        '+rollouts_jsonl_fpath=shard0.jsonl',
        '+allow_partial_rollouts=true',
      ],
      { cwd: here.cwd, name: 'ng_reward_profile' },
    );
    expect(code).toBe(0);
    expect(here.hide(stdout)).toMatchInlineSnapshot(`
      "2 of 4 rollouts: 2 in complete tasks, 0 in partial ones, 2 in tasks without any

      Files
        profile by task  <here>/shard0_reward_profiling.jsonl
        agent metrics    <here>/shard0_agent_metrics.json
      "
    `);
    const lines = readFileSync(path.join(here.cwd, 'shard0_reward_profiling.jsonl'), 'utf8')
      .trimEnd()
      .split('\n');
    expect(JSON.parse(lines[0]!)).toMatchObject({ 'mean/reward': 0.5 });
  });
});
