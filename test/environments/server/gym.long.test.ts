import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { collectRollouts, resolveConfig } from '../../../src/index.js';
import { installedRoot } from '../../../src/reference/index.js';
import { conformanceMissing } from '../../support/conformance.js';
import { datasetOf, recordedRollouts, setupOf, startRecordedModel } from './recorded.js';

/** A Python that has the reference installed. */
const PYTHON = process.env['NGYM_GYM_PYTHON'];
const root = PYTHON === undefined ? undefined : installedRoot(PYTHON);

const missing =
  root === undefined ? 'NGYM_GYM_PYTHON names no Python that has nemo-gym installed' : conformanceMissing;

const work = realpathSync(mkdtempSync(path.join(tmpdir(), 'ngym-gym-')));
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** Servers that ask no judge and need no package beyond those of nemo-gym itself. */
const SERVERS: readonly string[] = (process.env['NGYM_GYM_SERVERS'] ?? 'DEFAULT').split(',');

async function play(name: string) {
  const recorded = recordedRollouts(name);
  const setup = setupOf(root!, name);
  if (setup === undefined) throw new Error(`no configuration of ${name} has an agent`);
  const cwd = path.join(work, name);
  const model = await startRecordedModel(recorded);
  try {
    await import('node:fs').then(({ mkdirSync }) => mkdirSync(cwd));
    writeFileSync(path.join(cwd, 'data.jsonl'), datasetOf(recorded));
    const env = { ...process.env, NGYM_PYTHON: PYTHON };
    const files = `resources_servers/${name}/configs/${setup.file},responses_api_models/openai_model/configs/openai_model.yaml`;
    const overrides = [
      `+config_paths=[${path.join(root!, files.split(',')[0]!)},${files.split(',')[1]!}]`,
      `+python_servers=[${name}]`,
      `+policy_base_url=${model.url}`,
      '+policy_api_key=none',
      '+policy_model_name=recorded',
      '+input_jsonl_fpath=data.jsonl',
      '+output_jsonl_fpath=out.jsonl',
      `+agent_name=${setup.agent}`,
      '+preflight=false',
    ];
    const resolved = await resolveConfig({ cwd, env, overrides });
    const summary = await collectRollouts(resolved, { cwd, env });
    const rewards = new Map<number, number>();
    for (const line of readFileSync(path.join(cwd, 'out.jsonl'), 'utf8').split('\n').filter(Boolean)) {
      const row = JSON.parse(line) as { _ng_task_index: number; reward: number };
      rewards.set(row._ng_task_index, row.reward);
    }
    const failures = summary.agents.map((agent) => agent.failures);
    return { recorded, rewards: recorded.map((_, index) => rewards.get(index)), failures };
  } finally {
    await model.close();
  }
}

describe.skipIf(missing !== false)(
  `servers of the reference, started as they are${missing ? `: ${missing}` : ''}`,
  () => {
    it.each(SERVERS)(
      '%s: the recorded rollouts get their recorded rewards',
      { timeout: 300_000 },
      async (name) => {
        const { recorded, rewards, failures } = await play(name);
        expect(recorded.length).toBeGreaterThan(0);
        const wanted = recorded.map(({ reward }) => reward);
        expect({ rewards: rewards.map((reward) => reward?.toFixed(9)), failures }).toEqual({
          rewards: wanted.map((reward) => reward.toFixed(9)),
          failures: [{}],
        });
      },
    );
  },
);
