import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aggregateRollouts,
  collectRollouts,
  reportRun,
  resolveConfig,
  resolveWithoutModel,
} from '../../src/index.js';
import { renderSummary } from '../../src/report/index.js';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'ngym-judges-'));
  prompt('right');
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** The prompt that the block does not name, where the reference has it: here with the words of ours. */
function prompt(more: 'right' | 'changed' | 'absent'): void {
  const folder = path.join(cwd, 'reference/resources_servers/simpleqa/prompts');
  rmSync(folder, { recursive: true, force: true });
  if (more === 'absent') return;
  mkdirSync(folder, { recursive: true });
  const ours = path.resolve(
    import.meta.dirname,
    '../../data/resources_servers/simpleqa/prompts/ngym_judge.yaml',
  );
  writeFileSync(
    path.join(folder, 'judge.yaml'),
    readFileSync(ours, 'utf8') + (more === 'right' ? '' : '  Once more.\n'),
  );
}

const options = () => ({ cwd, env: { NEMO_GYM_EXTRA_ROOTS: path.join(cwd, 'reference') } });
const CONFIGS =
  '+config_paths=[resources_servers/simpleqa/configs/simpleqa.yaml,responses_api_models/inference_provider/configs/embedded.yaml]';
const JUDGE = '++simpleqa.resources_servers.simpleqa.judge_model_server.name=policy_model';

async function collect(output: string, ...more: string[]) {
  const overrides = [
    CONFIGS,
    JUDGE,
    '+input_jsonl_fpath=resources_servers/simpleqa/data/example.jsonl',
    '+agent_name=simpleqa_simple_agent',
    `+output_jsonl_fpath=${output}`,
    '+prices={embedded-demo: {input: 1000, output: 1000}}',
    '+num_samples_in_parallel=1',
    ...more,
  ];
  const resolved = await resolveConfig({ ...options(), overrides });
  return collectRollouts(resolved, { ...options(), reporter: () => undefined });
}

interface Use {
  calls: number;
  total_tokens: number;
  cost_usd: number;
}
const rowsOf = (file: string) =>
  readFileSync(path.join(cwd, file), 'utf8')
    .trim()
    .split('\n')
    .map(
      (line) =>
        JSON.parse(line) as {
          _ng_run: { cost_usd: number; judges: Use };
          response: { usage: { total_tokens: number } };
        },
    );

describe('what judges use', () => {
  it('is in rows, summary and report, apart from the policy, and counts in the budget', async () => {
    const whole = await collect('whole.jsonl');
    expect(whole.status).toBe('complete');
    const rows = rowsOf('whole.jsonl');
    for (const { _ng_run: run, response } of rows) {
      expect(run.judges.calls).toBe(1);
      expect(run.judges.cost_usd).toBeCloseTo(run.judges.total_tokens / 1000);
      expect(run.cost_usd).toBeCloseTo(response.usage.total_tokens / 1000);
    }
    const judged = rows.reduce((sum, { _ng_run: { judges } }) => sum + judges.cost_usd, 0);
    const played = rows.reduce((sum, { _ng_run: run }) => sum + run.cost_usd, 0);
    const [agent] = whole.agents;
    expect(agent!.costUsd).toBeCloseTo(played);
    expect(agent!.judges).toMatchObject({ calls: 5 });
    expect(agent!.judges!.costUsd).toBeCloseTo(judged);
    expect(renderSummary(whole, { width: 200, color: false })).toMatch(
      /^Judges of simpleqa_simple_agent: 5 replies, /m,
    );
    const { text } = await reportRun({
      rollouts: path.join(cwd, 'whole.jsonl'),
      format: 'text',
      by: [],
      color: false,
    });
    expect(text).toMatch(/tokens of judges/);

    // The policy alone would stay below this limit.
    const limit = played + judged / 2;
    const limited = await collect('limited.jsonl', `+max_cost_usd=${limit}`);
    expect(limited.stopped).toContain('max_cost_usd');
    expect(limited.balance.scored).toBeLessThan(5);
    // What judges used before counts when it goes on.
    const again = await collect('limited.jsonl', `+max_cost_usd=${limit}`);
    expect(again.balance.scored).toBe(limited.balance.scored);
    expect(again.agents[0]!.judges!.calls).toBe(limited.balance.scored);
  });
});

describe('the prompt that a block does not name', () => {
  it('is part of the run: another one is another run', async () => {
    await collect('prompted.jsonl');
    expect((await collect('prompted.jsonl')).balance.scored).toBe(5);
    prompt('changed');
    await expect(collect('prompted.jsonl')).rejects.toMatchObject({
      message: expect.stringMatching(
        /simpleqa: the text prompts\/judge\.yaml \(user\) changed since the run began/,
      ),
    });
    prompt('right');
  });

  it('is not needed for what is stored: metrics of the environment and reports are made without it', async () => {
    await collect('stored.jsonl');
    prompt('absent');
    const resolved = await resolveWithoutModel({ ...options(), overrides: [CONFIGS, JUDGE] });
    const merged = await aggregateRollouts(resolved, { globs: 'stored.jsonl', output: 'merged.jsonl', cwd });
    // Of the environment's own hooks, which a run without it would not have.
    expect(Object.keys(merged.agents.get('simpleqa_simple_agent')!.key_metrics).join()).toContain(
      'accuracy_given_attempted',
    );
    const { text } = await reportRun({
      rollouts: path.join(cwd, 'stored.jsonl'),
      format: 'text',
      by: [],
      color: false,
    });
    expect(text).toContain('simpleqa_simple_agent');
    prompt('right');
  });
});
