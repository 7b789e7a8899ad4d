import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { ensureBuilt } from '../support/build.js';
import { run, workspace } from './program.js';

beforeAll(ensureBuilt, 120_000);

let here: ReturnType<typeof workspace>;

const row = (agent: string, extra: object): string =>
  `${JSON.stringify({ ...extra, agent_ref: { name: agent }, _ng_task_index: 0, _ng_rollout_index: 0 })}\n`;

const request = { responses_create_params: { input: 'Which?' } };
const text = { type: 'output_text', text: '\\boxed{B}', annotations: [] };
const response = {
  id: 'resp_1',
  object: 'response',
  output: [{ type: 'message', role: 'assistant', id: 'm', status: 'completed', content: [text] }],
};
const question = { options: [{ A: 'no' }, { B: 'yes' }], expected_answer: 'B' };
const count = { initial_count: 1, expected_count: 1 };

const MCQA = 'mcqa_simple_agent';
const STATE = 'example_session_state_mgmt_simple_agent';

beforeEach(() => {
  here = workspace({
    'r_materialized_inputs.jsonl': row(MCQA, { ...request, ...question }),
    'r.jsonl': row(MCQA, { ...request, response, reward: 0 }),
    's_materialized_inputs.jsonl': row(STATE, { ...request, ...count }),
    's.jsonl': row(STATE, { ...request, response, reward: 0 }),
  });
});
afterEach(() => here.remove());

const reverify = (server: string, stem: string, ...args: string[]) =>
  run(
    [
      'eval',
      'reverify',
      '--resources-server',
      server,
      '--inputs',
      `${stem}_materialized_inputs.jsonl`,
    ].concat(['--rollouts', `${stem}.jsonl`], args),
    { cwd: here.cwd },
  );

const rewardIn = (file: string): unknown =>
  (JSON.parse(readFileSync(path.join(here.cwd, file), 'utf8')) as { reward: unknown }).reward;

it('needs no model, tells the summary and refuses to replace what is there', async () => {
  const first = await reverify('mcqa', 'r', '-o', 'v.jsonl');
  expect(first.stderr + first.stdout).toContain('1 scored');
  expect(first.code).toBe(0);
  expect(rewardIn('v.jsonl')).toBe(1);
  expect(rewardIn('r.jsonl')).toBe(0);
  const second = await reverify('mcqa', 'r', '-o', 'v.jsonl');
  expect(second.code).toBe(2);
  expect(second.stderr).toContain('--resume');
  expect((await reverify('mcqa', 'r', '-o', 'v.jsonl', '--resume', '--json')).code).toBe(0);
});

it('refuses an environment with state, and marks what is forced', async () => {
  const refused = await reverify('example_session_state_mgmt', 's', '-o', 'v.jsonl');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('example_session_state_mgmt_resources_server: unsupported');
  expect((await reverify('example_session_state_mgmt', 's', '-o', 'v.jsonl', '--force')).code).toBe(0);
  expect(rewardIn('unsafe_v.jsonl')).toBe(1);
});

it('is incomplete when a response cannot be verified', async () => {
  here.remove();
  here = workspace({
    'r_materialized_inputs.jsonl': row(MCQA, { ...request, ...question }),
    'r.jsonl': row(MCQA, { ...request, reward: 0 }),
  });
  const { code, stdout } = await reverify('mcqa', 'r', '-o', 'v.jsonl');
  expect(code).toBe(3);
  expect(stdout).toContain('verify_failed');
});
