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
});
beforeAll(ensureBuilt);
afterAll(here.remove);

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
