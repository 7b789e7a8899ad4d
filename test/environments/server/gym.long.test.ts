import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { collectRollouts, resolveConfig } from '../../../src/index.js';
import { installedRoot, unpackWheel } from '../../../src/reference/index.js';
import { conformanceMissing } from '../../support/conformance.js';
import { datasetOf, recordedRollouts, setupOf, startRecordedModel } from './recorded.js';

/** A Python that has the reference installed. */
const PYTHON = process.env['NGYM_GYM_PYTHON'];
const root = PYTHON === undefined ? undefined : installedRoot(PYTHON);

const missing =
  root === undefined ? 'NGYM_GYM_PYTHON names no Python that has nemo-gym installed' : conformanceMissing;

const work = realpathSync(mkdtempSync(path.join(tmpdir(), 'ngym-gym-')));
afterAll(() => rmSync(work, { recursive: true, force: true }));

/**
 * Servers that ask no judge, and packages that they need beyond those of nemo-gym itself. Not among them: those whose
 * recordings are of rows that are not there (workplace_assistant, structured_outputs, ruler), older than their verifier
 * (mcqa, lc_niah), or of a shuffled deck (blackjack).
 */
const SERVERS: Readonly<Record<string, string>> = {
  arc_agi: '',
  bunsenbench_chemistry_mcq: '',
  calendar: '',
  circle_click: '',
  circle_count: '',
  citation_if: '',
  equivalence_rule: '',
  example_multi_step: '',
  example_multi_turn_gymnasium: '',
  example_session_state_mgmt: '',
  example_single_tool_call: '',
  example_tool_call_multireward: '',
  format_verification: '',
  graphwalks: 'tiktoken',
  gui_coordinate: '',
  hotpotqa_qa: '',
  image_tools: '',
  imo_gradingbench: '',
  litmus_agent: '',
  math_proof_judgement: '',
  mrcr: 'tiktoken',
  nvarc: '',
  proof_genselect: '',
  ragtruth: '',
  single_step_tool_use_with_argument_comparison: '',
  spartqa: '',
  string_match: '',
  structeval: 'xmltodict',
  swe_pivot: '',
  terminal_multi_harness: 'openapi_schema_validator',
  xlam_fc: '',
};

const has = (name: string): boolean =>
  name === '' || (PYTHON !== undefined && spawnSync(PYTHON, ['-c', `import ${name}`]).status === 0);

function failureMessages(file: string): string[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => (JSON.parse(line) as { message: string }).message.slice(0, 500));
}

async function play(name: string, inPython: readonly string[]) {
  const recorded = recordedRollouts(name);
  const setup = setupOf(root!, name);
  if (setup === undefined) throw new Error(`no configuration of ${name} has an agent`);
  const cwd = path.join(work, `${name}-${inPython.length}-${inPython[0]}`);
  const model = await startRecordedModel(recorded);
  try {
    mkdirSync(cwd);
    writeFileSync(path.join(cwd, 'data.jsonl'), datasetOf(recorded));
    const env = { ...process.env, NGYM_PYTHON: PYTHON };
    const files = `resources_servers/${name}/configs/${setup.file},responses_api_models/openai_model/configs/openai_model.yaml`;
    const overrides = [
      `+config_paths=[${path.join(root!, files.split(',')[0]!)},${files.split(',')[1]!}]`,
      `+python_servers=[${inPython.join(',')}]`,
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
    return {
      wanted: recorded.map(({ reward }) => reward),
      rewards: recorded.map((_, index) => rewards.get(index)),
      metrics: (
        JSON.parse(readFileSync(path.join(cwd, 'out_aggregate_metrics.json'), 'utf8')) as Record<
          string,
          object
        >[]
      )[0]!,
      failures: summary.balance.failed === 0 ? [] : failureMessages(path.join(cwd, 'out_failures.jsonl')),
    };
  } finally {
    await model.close();
  }
}

/** Plays the recorded rollouts of an environment with these servers in Python, and compares their rewards. */
async function expectRecorded(name: string, inPython: readonly string[]): Promise<void> {
  const { wanted, rewards, failures } = await play(name, inPython);
  expect(failures).toEqual([]);
  expect(wanted.length).toBeGreaterThan(0);
  expect(rewards.map((reward) => reward?.toFixed(9))).toEqual(wanted.map((reward) => reward.toFixed(9)));
}

const LIMIT = { timeout: 300_000 };

describe.skipIf(missing !== false)(
  `servers of the reference, started as they are${missing ? `: ${missing}` : ''}`,
  () => {
    for (const [name, needs] of Object.entries(SERVERS)) {
      const skipped = missing !== false || !has(needs);
      const why = skipped && needs !== '' ? ` (needs ${needs})` : '';
      it.skipIf(skipped)(`${name}: the recorded rollouts get their recorded rewards${why}`, LIMIT, () =>
        expectRecorded(name, [name]),
      );
    }

    it('its simple_agent plays with the environment and the model of this program', LIMIT, () =>
      expectRecorded('example_session_state_mgmt', ['simple_agent']),
    );

    it('mcqa computes its own metrics, which are those of the built-in one and more', LIMIT, async () => {
      const [theirs, ours] = [await play('mcqa', ['mcqa']), await play('mcqa', [])];
      expect(Object.keys(theirs.metrics['agent_metrics']!)).toContain('pass@1/accuracy');
      expect(Object.keys(theirs.metrics['agent_metrics']!)).toContain('num_repeats');
      expect(theirs.metrics['agent_metrics']).toMatchObject(ours.metrics['agent_metrics']!);
      expect(theirs.metrics['key_metrics']).toEqual(ours.metrics['key_metrics']);
    });

    it('its simple_agent plays with its own environment and the model of this program', LIMIT, () =>
      expectRecorded('example_multi_step', ['simple_agent', 'example_multi_step']),
    );
  },
);

const WHEEL = process.env['NGYM_GYM_WHEEL'];

describe.skipIf(WHEEL === undefined)('its wheel (NGYM_GYM_WHEEL)', () => {
  it('is unpacked whole', async () => {
    const { name, counts } = await unpackWheel(WHEEL!, { NGYM_DATA_DIR: path.join(work, 'data') });
    expect(name).toBe('nemo-gym');
    expect(counts).toEqual({
      resources_servers: 145,
      responses_api_agents: 56,
      responses_api_models: 10,
      environments: 55,
      benchmarks: 121,
    });
  });
});
