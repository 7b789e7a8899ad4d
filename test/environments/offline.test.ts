import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AGENT_TYPES } from '../../src/agents/index.js';
import { loadEnvironment } from '../../src/environments/index.js';
import type { Model, TaskRow } from '../../src/protocol/index.js';
import { createModel } from '../models/helpers.js';
import { call, fullMarks, ownPrompts, services, shippedConfig } from './support.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const NAMES = ['example-answers', 'judged-examples'].flatMap((folder) =>
  readdirSync(path.join(ROOT, 'test/fixtures', folder)).map((file) => path.basename(file, '.json')),
);

/** Environments whose example is played by the agent that looks at one reply only. */
const ONE_REPLY = [
  'single_step_tool_use_with_argument_comparison',
  'image_tools',
  'circle_click',
  'circle_count',
  'swe_pivot',
  'terminal_multi_harness',
];

let model: Model;
beforeAll(async () => {
  const config = { base_url: 'embedded:recordings/quickstart.jsonl', api_key: 'embedded', model: 'm' };
  model = await createModel('inference_provider', config, { roots: [path.join(ROOT, 'data')] });
});
afterAll(() => model.close());

describe('the shipped examples against the embedded provider', () => {
  it.each(NAMES)('%s: every row is answered, and rightly', async (name) => {
    // Judges are asked with our own prompts, and answer from the same recording.
    const config = { ...shippedConfig(name), ...ownPrompts(name) };
    const given = { ...services, model: () => model };
    const environment = (await loadEnvironment(name))!.create(name, config, given);
    const type = AGENT_TYPES[ONE_REPLY.includes(name) ? 'non_executing_simple_agent' : 'simple_agent']!;
    const agent = type.create(`${name}_agent`, {}, { clock: services.clock });
    const file = path.join(ROOT, `data/resources_servers/${name}/data/example.jsonl`);
    for (const [index, line] of readFileSync(file, 'utf8').trim().split('\n').entries()) {
      const row = { ...(JSON.parse(line) as TaskRow), _ng_task_index: index, _ng_rollout_index: 0 };
      const outcome = await agent.run(row, { model, environment, call: call() });
      expect(outcome, `${name}: row ${index + 1}`).toMatchObject({
        status: 'scored',
        reward: fullMarks(name),
      });
    }
  });
});
