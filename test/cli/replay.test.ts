import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../support/build.js';
import { run, workspace, type Finished } from './program.js';

beforeAll(ensureBuilt);

let here: ReturnType<typeof workspace>;
beforeEach(() => {
  here = workspace({});
});
afterEach(() => {
  here.remove();
});

const collect = (model: string, output: string, ...more: string[]): Promise<Finished> =>
  run(
    [
      `+config_paths=[resources_servers/mcqa/configs/mcqa.yaml,responses_api_models/inference_provider/configs/${model}.yaml]`,
      '+agent_name=mcqa_simple_agent',
      '+num_repeats=2',
      `+output_jsonl_fpath=${output}`,
      ...more,
    ],
    { cwd: here.cwd, name: 'ng_collect_rollouts' },
  );
const SHIPPED = '+input_jsonl_fpath=resources_servers/mcqa/data/example.jsonl';
const sorted = (file: string): string[] =>
  readFileSync(path.join(here.cwd, file), 'utf8').trim().split('\n').sort();

describe('a replayed run', () => {
  it('needs no env.yaml, and two replays give byte-identical rows', async () => {
    expect((await collect('embedded', 'a.jsonl', SHIPPED, '+record=rec.jsonl')).code).toBe(0);
    for (const output of ['b.jsonl', 'c.jsonl']) {
      const { code, stderr } = await collect('inference_provider', output, SHIPPED, '+replay=rec.jsonl');
      expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    }
    expect(sorted('b.jsonl')).toHaveLength(10);
    expect(sorted('c.jsonl')).toEqual(sorted('b.jsonl'));
  });

  it('stops at the first exchange that was not recorded, and names the nearest one', async () => {
    expect((await collect('embedded', 'a.jsonl', SHIPPED, '+record=rec.jsonl')).code).toBe(0);
    // One more word in the prompt of one row.
    const [row = ''] = sorted('a_materialized_inputs.jsonl');
    writeFileSync(path.join(here.cwd, 'other.jsonl'), `${row.replace(/"content":"/, '$&Hurry. ')}\n`);
    const { code, stdout, stderr } = await collect(
      'inference_provider',
      'b.jsonl',
      '+input_jsonl_fpath=other.jsonl',
      '+replay=rec.jsonl',
    );
    expect(code).toBe(3);
    expect(stdout).toMatch(/^Stopped: .*Nearest/m);
    expect(stdout).toContain('Hurry.');
    // The key that stands in for the one that is not needed is no secret.
    expect(stderr).toContain('replay_miss: No recording of this request');
    expect(stderr).not.toContain('policy_api_key');
    expect(sorted('b_failures.jsonl')).toHaveLength(1);
  });
});
