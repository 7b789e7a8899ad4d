import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../support/build.js';
import type { FaultLike, Provider } from '../support/provider/provider.mjs';
import { startProvider } from '../support/provider/provider.mjs';
import { run, workspace } from './program.js';

beforeAll(ensureBuilt, 180_000);

const CONFIGS =
  '+config_paths=[resources_servers/mcqa/configs/mcqa.yaml,responses_api_models/inference_provider/configs/inference_provider.yaml]';
const ROWS = 20;

let here: ReturnType<typeof workspace>;
let provider: Provider;
let fault: (n: number) => FaultLike | undefined;

const dataset = Array.from(
  { length: ROWS },
  (_, index) =>
    `${JSON.stringify({
      responses_create_params: {
        input: [{ role: 'user', content: `Question ${index}. [answer: \\boxed{B}]\nA: no\nB: yes` }],
      },
      options: [{ A: 'no' }, { B: 'yes' }],
      expected_answer: 'B',
      grading_mode: 'strict_single_letter_boxed',
    })}\n`,
).join('');

beforeEach(async () => {
  fault = () => undefined;
  provider = await startProvider({ latency: 20, faultFor: (_, { n }) => fault(n) });
  here = workspace({ 'data.jsonl': dataset });
});
afterEach(async () => {
  await provider.close();
  here.remove();
});

async function collect(output: string, ...more: string[]) {
  const before = performance.now();
  const { code, stderr } = await run(
    [
      CONFIGS,
      '+agent_name=mcqa_simple_agent',
      '+input_jsonl_fpath=data.jsonl',
      `+output_jsonl_fpath=${output}.jsonl`,
      '+num_samples_in_parallel=4',
      '+preflight=false',
      `+policy_base_url=${provider.baseUrl}`,
      '+policy_api_key=sk-test-0123456789',
      '+policy_model_name=m',
      ...more,
    ],
    { cwd: here.cwd, name: 'ng_collect_rollouts' },
  );
  return { code, stderr, ms: performance.now() - before };
}

interface Stored {
  reward?: number;
  _ng_run: { attempts?: { result: string; url: string }[] };
  _ng_failure?: { kind: string; message: string };
}

function lines(file: string): Stored[] {
  const text = readFileSync(path.join(here.cwd, file), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Stored);
}

describe('one refusal with a wait that nobody can keep', () => {
  it.each(['999999999999', '301'])(
    '(Retry-After: %s) fails one row of twenty, and delays none',
    async (wait) => {
      const floor = await collect('floor');
      expect([floor.code, floor.stderr]).toEqual([0, expect.anything()]);
      const asked = provider.counts().requests;
      fault = (n) =>
        n === asked + 4 ? { kind: 'status', status: 429, headers: { 'retry-after': wait } } : undefined;
      const refused = await collect('out');
      expect(lines('out.jsonl')).toHaveLength(ROWS - 1);
      expect(refused.stderr).toMatch(/rate_limited/);
      expect(refused.ms).toBeLessThan(10 * floor.ms);
      // Every attempt that is listed has come to the provider, and the other way round.
      const listed = [...lines('out.jsonl'), ...lines('out_failures.jsonl')].flatMap(
        ({ _ng_run: { attempts = [] } }) => attempts,
      );
      expect(listed).toHaveLength(provider.counts().requests - asked);
    },
  );
});
