import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reportRun } from '../../src/report/index.js';
import type { Provider } from '../support/provider/provider.mjs';
import { startProvider } from '../support/provider/provider.mjs';
import { mcqaRows, Workspace } from './workspace.js';

let provider: Provider;
let space: Workspace;

beforeEach(async () => {
  provider = await startProvider({ seed: 1 });
  space = new Workspace(provider.baseUrl);
});

afterEach(async () => {
  await provider.close();
  space.remove();
});

describe('collectRollouts', () => {
  it('turns a dataset into scored rollouts and says what came of it', async () => {
    space.writeRows('in.jsonl', mcqaRows(4));
    const summary = await space.collect(['+num_repeats=2']);
    expect(summary).toMatchObject({
      status: 'complete',
      balance: { planned: 8, scored: 8, failed: 0, masked: 0, cancelled: 0, owed: 0 },
      agents: [{ agent: 'mcqa_simple_agent', planned: 8, scored: 8, coverage: 1, meanReward: 0.5 }],
    });
    expect(summary.agents[0]!.passAtK).toEqual({ '1': 0.5, '2': 0.5 });
    expect(space.keys('out/r.jsonl')).toEqual(['0:0', '0:1', '1:0', '1:1', '2:0', '2:1', '3:0', '3:1']);
    expect(provider.counts().requests).toBe(8);
  });

  it('does not take a token count that nobody can have counted, nor lets it spoil a total', async () => {
    const sane = { input_tokens: 10, output_tokens: 5, total_tokens: 15 };
    const replies = ['1e308', '1e999', '-3', '2.5'].map(
      (
        odd,
      ) => `{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"stop",
        "message":{"role":"assistant","content":"\\\\boxed{A}"}}],
        "usage":{"prompt_tokens":${odd},"completion_tokens":5,"total_tokens":${odd}}}`,
    );
    const server = createServer((request, response) => {
      request.resume();
      response.setHeader('content-type', 'application/json');
      response.end(replies.shift());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      space.writeRows('in.jsonl', mcqaRows(4));
      const model = 'policy_model.responses_api_models.inference_provider';
      const summary = await space.collect([`++${model}.base_url="http://127.0.0.1:${port}/v1"`]);
      expect(summary.agents[0]).toMatchObject({ scored: 4, tokens: { input: null, output: null } });
      for (const row of space.rows('out/r.jsonl')) expect(row).toMatchObject({ response: { usage: null } });
      expect(space.read('out/r_aggregate_metrics.json')).not.toMatch(/e\+?308|Infinity/);
    } finally {
      server.close();
    }
    // Rows of another program, or of an earlier version, may hold such counts.
    const stored = space.rows('out/r.jsonl').map((row, i) => ({
      ...row,
      response: { ...(row['response'] as object), usage: i === 0 ? { ...sane, input_tokens: 1e308 } : sane },
    }));
    space.writeRows('out/r.jsonl', stored);
    const { report } = await reportRun({ rollouts: space.file('out/r.jsonl') });
    expect(report.agents[0]).toMatchObject({
      input_tokens: { total: 30, max: 10 },
      output_tokens: { total: 20 },
    });
  });

  it('writes rows with the keys of the reference, in its order, the reward as a float', async () => {
    space.writeRows('in.jsonl', mcqaRows(1));
    await space.collect();
    const [line = ''] = space.read('out/r.jsonl').split('\n');
    expect(Object.keys(JSON.parse(line) as object)).toEqual([
      'responses_create_params',
      'response',
      'reward',
      'expected_answer',
      'extracted_answer',
      '_ng_task_index',
      '_ng_rollout_index',
      'agent_ref',
      '_ng_run',
    ]);
    expect(line).toContain('"reward":1.0,');
    const { _ng_run: run } = JSON.parse(line) as { _ng_run: Record<string, unknown> };
    expect(run).toMatchObject({ stop_reason: 'answered', turns: 1, attempts: [{ result: 'ok' }] });
    expect(space.read('out/r_failures.jsonl')).toBe('');
    expect(space.read('out/r_aggregate_metrics.json')).toContain('"mean/reward": 1.0');
    expect(existsSync(space.file('out/r.jsonl.lock'))).toBe(false);
  });

  it('goes on after failures, stores them with their kind, and retries them on resume', async () => {
    const rows = mcqaRows(6);
    space.writeRows('in.jsonl', rows);
    await provider.close();
    provider = await startProvider({
      faultFor: (request) => (request.prompt.includes('Question 2') ? 'status_400' : undefined),
    });
    space.remove();
    space = new Workspace(provider.baseUrl);
    space.writeRows('in.jsonl', rows);
    const summary = await space.collect();
    expect(summary).toMatchObject({ status: 'incomplete', balance: { scored: 5, failed: 1, owed: 0 } });
    expect(space.rows('out/r_failures.jsonl')).toMatchObject([
      { _ng_task_index: 2, _ng_rollout_index: 0, _ng_failure_class: 'bad_request', retryable: false },
    ]);
    expect(space.rows('out/r_failures.jsonl')[0]).not.toHaveProperty('reward');
  });

  it('resumes what is owed, and says so when nothing is', async () => {
    space.writeRows('in.jsonl', mcqaRows(6));
    await space.collect();
    const lines = space.read('out/r.jsonl').split('\n');
    writeFileSync(space.file('out/r.jsonl'), `${lines.slice(0, 3).join('\n')}\n${lines[3]!.slice(0, 40)}`);
    provider.clear();
    const before = provider.counts().requests;
    const resumed = await space.collect();
    expect(space.notices().join('\n')).toContain('dropped 40 bytes of a half-written last line');
    expect(resumed).toMatchObject({ status: 'complete', balance: { planned: 6, scored: 6 } });
    expect(provider.counts().requests - before).toBe(3);
    expect(space.keys('out/r.jsonl')).toEqual(['0:0', '1:0', '2:0', '3:0', '4:0', '5:0']);
    const again = await space.collect();
    expect(again).toMatchObject({ status: 'complete', agents: [{ meanReward: 0.5, scored: 6 }] });
    expect(provider.counts().requests - before).toBe(3);
  });
});
