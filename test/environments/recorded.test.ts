import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENTS, loadEnvironment } from '../../src/environments/index.js';
import { CallFailure } from '../../src/protocol/index.js';
import type { JsonObject, ResponsesReply, TaskRow } from '../../src/protocol/index.js';
import { conformanceMissing, conformancePath, conformanceRows } from '../support/conformance.js';
import { byReference, NO_REFERENCE, referenceRoots } from '../support/reference.js';
import { call, services, shippedConfig } from './support.js';

type Rollout = TaskRow & { response: ResponsesReply; reward: number };

/** judged-rollouts.test.ts plays those with judges. */
const isJudged = (name: string): boolean =>
  existsSync(path.join(import.meta.dirname, `../fixtures/judged-examples/${name}.json`));

const NAMES = Object.keys(ENVIRONMENTS).filter(
  (name) => !isJudged(name) && existsSync(conformancePath('environments', name, 'example_rollouts.jsonl')),
);

const { here, without } = byReference(NAMES);
const given = { ...services, roots: [...(services.roots ?? []), ...referenceRoots()] };

/** Rollouts of versions before 0.7.0, which grades them otherwise; with what it says of them. */
const REGRADED: Readonly<Record<string, string>> = {
  mcqa: 'a box is stripped before its label is read',
  example_single_tool_call: 'the reward was always 1',
  workplace_assistant: 'its rollouts are of rows that are not among the examples',
  math_advanced_calculations: 'its rollouts are of rows that are not among the examples',
  structured_outputs: 'its rollouts are of rows that are not among the examples',
  ifbench: 'parts of speech need the Python libraries',
  ruler: 'its rollouts are of rows that are not among the examples',
};

/** What was said, a text and a single part with it alike. */
const words = ({ responses_create_params: { input } }: TaskRow): string =>
  JSON.stringify(
    (input as { role: string; content: string | { text?: string }[] }[]).map(({ role, content }) => [
      role,
      Array.isArray(content) && content.length === 1 ? (content[0]!.text ?? content) : content,
    ]),
  );

/** The row that a rollout was made from: rollouts leave out what the verdict does not repeat. */
function taskOf(rollout: Rollout, rows: readonly TaskRow[]): TaskRow {
  // Of rows that differ in their pictures only, the index tells which it was.
  const at = (rollout as { _ng_task_index?: number })._ng_task_index ?? -1;
  const found = rows.find((row) => words(row) === words(rollout));
  return { ...rows[at], ...rollout, ...found, _ng_task_index: 0, _ng_rollout_index: 0 };
}

/** Undefined where a Python library that is not here would be needed. */
function unavailable(error: unknown): undefined {
  if (!(error instanceof CallFailure) || error.kind !== 'verify_unavailable') throw error;
}

describe.skipIf(conformanceMissing)('recorded rollouts of the reference', () => {
  it.skip.each(without)(`%s: ${NO_REFERENCE}`, () => undefined);

  it.each(here.filter((name) => !(name in REGRADED)))('%s: the recorded rewards', async (name) => {
    const rows = conformanceRows<TaskRow>('environments', name, 'example.jsonl');
    const rollouts = conformanceRows<Rollout>('environments', name, 'example_rollouts.jsonl');
    const env = (await loadEnvironment(name))!.create(name, shippedConfig(name), given);
    let left = 0;
    // Step-scored games are played from their cases.
    for (const rollout of env.step === undefined ? rollouts : []) {
      const task = taskOf(rollout, rows);
      // A program of the model in Python, which is not run here; TOML, which is not read here.
      if (task['agent_mode'] === 'inductive' || task['output_type'] === 'TOML') continue;
      const session = await env.open(task, call());
      for (const item of rollout.response.output) {
        if (item.type !== 'function_call') continue;
        const { name: tool, arguments: args } = item as unknown as { name: string; arguments: string };
        await env.callTool(session, tool, JSON.parse(args) as JsonObject, call());
      }
      const verdict = await env.verify(session, task, rollout.response, call()).catch(unavailable);
      if (verdict !== undefined) expect(verdict.reward).toBe(rollout.reward);
      else left += 1;
      await env.close(session);
    }
    // What only a Python library could tell is the exception.
    expect(left).toBeLessThanOrEqual(rollouts.length / 4);
  });
});
