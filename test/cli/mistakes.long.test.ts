import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../support/build.js';
import { run, workspace } from './program.js';

const EMBEDDED = 'responses_api_models/inference_provider/configs/embedded.yaml';
const TOGETHER = 'responses_api_models/inference_provider/configs/together.yaml';

const here = workspace({
  'own.yaml': `sums:
  resources_servers:
    sums: { entrypoint: sums.mjs }
sums_agent:
  responses_api_agents:
    simple_agent:
      resources_server: { type: resources_servers, name: sums }
      model_server: { type: responses_api_models, name: policy_model }
`,
  'sums.mjs': `import { defineEnvironment } from 'ngym';
export default defineEnvironment({ name: 'sums', verify: () => ({ reward: 1 }) });
`,
  'rows.jsonl': '{"responses_create_params":{"input":"1+1"}}\n',
  'no-agent.yaml': 'sums_agent:\n  responses_api_agents:\n    agent_of_mine:\n      max_steps: 3\n',
  'unknown-agent.yaml': 'a:\n  responses_api_agents:\n    simple_agnt: { entrypoint: app.py }\n',
  'unknown-environment.yaml': 'e:\n  resources_servers:\n    mcqaa: { entrypoint: app.py, domain: other }\n',
  'unknown-model.yaml': `policy_model:
  responses_api_models:
    openrouter: { entrypoint: app.py, base_url: "https://openrouter.ai/api/v1", api_key: sk-not-shown-1, model: m }
`,
  'misspelt-key.yaml': `policy_model:
  responses_api_models:
    inference_provider:
      base_url: http://127.0.0.1:9/v1
      api_key: k
      model: m
      extra_bdy: {}
`,
  'misspelt-keys.yaml': `policy_model:
  responses_api_models:
    inference_provider:
      base_url: http://127.0.0.1:9/v1
      api_key: k
      model: m
      extra_bdy: {}
      uses_reasoning_parsr: true
`,
});
beforeAll(ensureBuilt);
afterAll(here.remove);
const at = (name: string): string => path.join(here.cwd, name);

async function ng(...args: string[]) {
  const { code, stdout, stderr } = await run([...args, '++head_server.port=1'], { cwd: here.cwd });
  return { code, stdout: here.hide(stdout), stderr: here.hide(stderr) };
}

const own = ['--config', 'own.yaml', '--input', 'rows.jsonl'];

describe('a configuration with what is needed here and no more', () => {
  it('is played', async () => {
    const rows = ['--input', 'resources_servers/mcqa/data/example.jsonl', '--limit', '1'];
    const files = ['--config', 'own.yaml', '--config', EMBEDDED];
    const { code, stdout, stderr } = await ng(
      ...['eval', 'run', '--no-serve', ...files, ...rows, '-a', 'sums_agent', '-o', 'out.jsonl'],
    );
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('1 rollout planned = 1 scored');
  });

  it('is valid, with each part in it', async () => {
    const { code, stdout } = await ng('env', 'validate', '--config', 'own.yaml');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'valid: policy_model (dummy_model), sums (sums), sums_agent (simple_agent)\n',
    });
  });
});

describe('what is unknown ends with 2, a place and a suggestion', () => {
  it.each([
    [
      'unknown-agent.yaml',
      ['the agent "simple_agnt"', 'Did you mean "simple_agent"', 'unknown-agent.yaml:3'],
    ],
    [
      'unknown-environment.yaml',
      ['the environment "mcqaa"', 'Did you mean "mcqa"', 'unknown-environment.yaml:3'],
    ],
    ['unknown-model.yaml', ['type "openrouter"', 'inference_provider speaks Chat', 'unknown-model.yaml:3']],
  ])('ng env validate --config %s', async (file, words) => {
    const { code, stdout, stderr } = await ng('env', 'validate', '--config', file);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    for (const word of words) expect(stderr).toContain(word);
    expect(stderr).not.toContain('sk-not-shown-1');
  });

  it.each([
    ['unknown-model.yaml', 'unknown-model.yaml:3'],
    ['misspelt-key.yaml', 'Did you mean "extra_body"'],
    [
      'misspelt-keys.yaml',
      'misspelt-keys.yaml:8: "uses_reasoning_parsr". Did you mean "uses_reasoning_parser"?',
    ],
  ])('ng eval run --config %s', async (file, words) => {
    const { code, stdout, stderr } = await ng(
      'eval',
      'run',
      '--no-serve',
      ...own,
      '--config',
      file,
      '-a',
      'sums_agent',
      '-o',
      'never.jsonl',
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
  });

  it('a misspelt config file', async () => {
    const { code, stderr } = await ng('env', 'validate', '--config', TOGETHER.replace('together', 'togther'));
    expect(code).toBe(2);
    expect(stderr).toContain(`does not exist. Did you mean "${TOGETHER}"?`);
  });

  it('a misspelt dataset', async () => {
    const args = [
      'eval',
      'run',
      '--no-serve',
      '--config',
      'own.yaml',
      '--config',
      EMBEDDED,
      '-a',
      'sums_agent',
      '-o',
      'never.jsonl',
    ];
    const { code, stderr } = await ng(...args, '--input', 'row.jsonl');
    expect(code).toBe(2);
    expect(stderr).toContain('There is no file "row.jsonl". Did you mean "rows.jsonl"?');
  });
});

describe('a run without an agent', () => {
  it('names the block that is left out', async () => {
    const { code, stdout, stderr } = await ng(
      'eval',
      'run',
      '--no-serve',
      '--config',
      'no-agent.yaml',
      '--config',
      EMBEDDED,
      '--input',
      'rows.jsonl',
      '-o',
      'never.jsonl',
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(
      'warning: no-agent.yaml:3: sums_agent.responses_api_agents.agent_of_mine is left out: its type is not built in, and it has no "entrypoint".',
    );
    expect(stderr).toContain(
      `error: No agent is defined in no-agent.yaml, ${EMBEDDED}, and no head server is running.`,
    );
  });

  it('without a model names the flag', async () => {
    const { code, stderr } = await ng(
      'eval',
      'run',
      '--no-serve',
      ...own,
      '-a',
      'sums_agent',
      '-o',
      'never.jsonl',
    );
    expect(code).toBe(2);
    expect(stderr).toContain('No server "policy_model" among responses_api_models.');
    expect(stderr).toContain('--model-type inference_provider/together');
  });

  it('lists only what is missing', async () => {
    const { code, stderr } = await ng(
      'eval',
      'run',
      '--no-serve',
      ...own,
      '--config',
      TOGETHER,
      '+policy_api_key=k',
      '-o',
      'never.jsonl',
    );
    expect(code).toBe(2);
    expect(stderr).toContain('policy_model_name: <model name>');
    expect(stderr).not.toContain('policy_base_url');
    expect(stderr).not.toContain('<your key>');
  });
});

describe('a dataset that cannot be used', () => {
  const files = ['--config', 'own.yaml', '--config', EMBEDDED, '-a', 'sums_agent', '-o', 'never.jsonl'];
  const data = (name: string, ...more: string[]) =>
    ng('eval', 'run', '--no-serve', ...files, '--input', name, ...more);

  it('without requests, names the prompt template once, not the line thirty times', async () => {
    writeFileSync(at('flat.jsonl'), '{"question":"1+1","answer":2}\n'.repeat(30));
    const { code, stderr } = await data('flat.jsonl');
    expect(code).toBe(2);
    expect(stderr).toContain('30 rows of the dataset cannot be used');
    expect(stderr).toContain('flat.jsonl:1: no "responses_create_params" (30 lines: 1–30)');
    expect(stderr.match(/no "responses_create_params"/g)).toHaveLength(1);
    expect(stderr).toContain('--prompt-config');
  });

  it.each([
    ['rows.csv', 'question,answer\n1+1,2\n', 'a CSV file', "read_csv('<here>/rows.csv')"],
    [
      'rows.json',
      '[\n {"responses_create_params": {}}\n]\n',
      'one JSON array',
      "jq -c '.[]' <here>/rows.json",
    ],
    ['one-line.json', '[{"responses_create_params": {}}]', 'one JSON array', "jq -c '.[]'"],
    ['long.json', '{\n "responses_create_params": {}\n}\n', 'JSON over several lines', "jq -c '.'"],
    ['rows.jsonl.gz', gzipSync('{"responses_create_params":{}}\n'), 'compressed with gzip', 'gunzip --keep'],
    ['rows.parquet', Buffer.from('PAR1\u0000\u0001'), 'a Parquet file', 'read_parquet'],
  ])('%s, says what it is and how to convert it', async (name, content, form, command) => {
    writeFileSync(at(name), content);
    const { code, stderr } = await data(name);
    expect(code).toBe(2);
    expect(stderr).toContain(`The dataset is ${form}; a dataset is JSONL`);
    expect(stderr).toContain(command);
    expect(stderr.split('\n').length).toBeLessThan(6);
  });

  it('because of a prompt template with JSON in it, says how to write one', async () => {
    writeFileSync(at('flat.jsonl'), '{"question":"1+1","answer":2}\n');
    writeFileSync(at('quoted.yaml'), 'user: "Answer {question} as {"answer": 1}"\n');
    writeFileSync(at('braces.yaml'), 'user: |\n  Answer {question} as {"answer": 1}\n');
    writeFileSync(at('right.yaml'), 'user: |\n  Answer {question} as {{"answer": 1}}\n');
    const quoted = await data('flat.jsonl', '--prompt-config', 'quoted.yaml');
    expect(quoted).toMatchObject({ code: 2 });
    expect(quoted.stderr).toContain('"user: |"');
    const braces = await data('flat.jsonl', '--prompt-config', 'braces.yaml');
    expect(braces).toMatchObject({ code: 2 });
    expect(braces.stderr).toContain('a brace that is no field is doubled: {{ and }}');
    const right = await ng(
      'dataset',
      'render',
      '-i',
      'flat.jsonl',
      '--prompt-config',
      'right.yaml',
      '-o',
      'full.jsonl',
    );
    expect(right).toMatchObject({ code: 0 });
    expect(readFileSync(at('full.jsonl'), 'utf8')).toContain('{\\"answer\\": 1}');
  });
});

it('a comma list of models is told to be one name', async () => {
  const args = [
    'eval',
    'run',
    '--no-serve',
    '--config',
    'own.yaml',
    '--config',
    EMBEDDED,
    '-a',
    'sums_agent',
  ];
  const { stderr } = await ng(...args, '-i', 'rows.jsonl', '-o', 'two.jsonl', '-m', 'a,b');
  expect(stderr).toContain('warning: "a,b" is asked for as the name of one model');
});
