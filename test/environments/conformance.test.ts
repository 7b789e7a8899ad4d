import { describe, expect, it } from 'vitest';
import { outputText } from '../../src/protocol/index.js';
import type {
  FunctionCallOutputItem,
  ResponsesReply,
  ResponsesRequest,
  TaskRow,
} from '../../src/protocol/index.js';
import { conformanceMissing, conformanceRows } from '../support/conformance.js';
import { call, environment, replay } from './support.js';

interface Rollout {
  responses_create_params: ResponsesRequest;
  response: ResponsesReply;
  reward: number;
  agent_ref?: unknown;
  [key: string]: unknown;
}

const NAMES = [
  'mcqa',
  'example_single_tool_call',
  'example_multi_step',
  'example_session_state_mgmt',
  'example_tool_call_multireward',
];

const NOT_FROM_THE_VERIFIER = [
  'responses_create_params',
  'response',
  '_ng_task_index',
  '_ng_rollout_index',
  'agent_ref',
];

/** The user's words: what a recorded rollout and its dataset row have in common. */
function question(request: ResponsesRequest): unknown {
  const items = request.input as { role: string; content: unknown }[];
  return JSON.stringify(items.map(({ role, content }) => [role, content]));
}

/** The dataset row that a recorded rollout was made from; mcqa has one whose options changed since. */
function taskOf(name: string, rollout: Rollout): TaskRow {
  const rows = conformanceRows<TaskRow>('environments', name, 'example.jsonl');
  const found = rows.find(
    (candidate) => question(candidate.responses_create_params) === question(rollout.responses_create_params),
  );
  const letters = [...JSON.stringify(rollout.responses_create_params.input).matchAll(/\\n([A-J]): /g)];
  return {
    ...(found ?? {
      options: letters.map(([, letter]) => ({ [letter!]: `option ${letter}` })),
      expected_answer: rollout['expected_answer'],
    }),
    responses_create_params: rollout.responses_create_params,
    _ng_task_index: 0,
    _ng_rollout_index: 0,
  };
}

/**
 * The rollouts were recorded over several versions. Where 0.7.0's verifier says otherwise of the recorded reply, its
 * word counts: since then a box is stripped before its label is read (`\\boxed{` and `C: …` on the next line).
 */
function asOf070(name: string, rollout: Rollout): Record<string, unknown> {
  const labelled = /\\boxed\{\s+([A-Z])\s*[:).-]/.exec(outputText(rollout.response))?.[1];
  if (name !== 'mcqa' || labelled === undefined || rollout['extracted_answer'] !== null)
    return { ...rollout };
  return { ...rollout, extracted_answer: labelled, reward: Number(labelled === rollout['expected_answer']) };
}

/** Tool texts of older recordings have a blank after `:`; today's servers answer compact JSON. */
function compact(output: FunctionCallOutputItem['output']): string {
  return JSON.stringify(JSON.parse(output as string));
}

describe.skipIf(conformanceMissing)('recorded rollouts of the reference', () => {
  it.each(NAMES)('%s: the same tool texts, reward and fields', async (name) => {
    const rollouts = conformanceRows<Rollout>('environments', name, 'example_rollouts.jsonl');
    expect(rollouts).toHaveLength(5);
    const env = await environment(name);
    for (const rollout of rollouts) {
      const { outputs, verdict } = await replay(env, taskOf(name, rollout), rollout.response);
      const recorded = rollout.response.output.filter((item) => item.type === 'function_call_output');
      expect(outputs).toEqual(recorded.map((item) => compact((item as FunctionCallOutputItem).output)));
      const fields = asOf070(name, rollout);
      for (const key of NOT_FROM_THE_VERIFIER) Reflect.deleteProperty(fields, key);
      expect(verdict).toEqual(fields);
    }
  });

  it.each(NAMES)('%s: opens every dataset row of the reference', async (name) => {
    const env = await environment(name);
    for (const task of conformanceRows<TaskRow>('environments', name, 'example.jsonl')) {
      await expect(env.open(task, call())).resolves.toBeDefined();
    }
  });

  it('mcqa: opens every dataset row with a pattern of its own', async () => {
    const env = await environment('mcqa');
    const rows = conformanceRows<TaskRow>('environments', 'mcqa', 'example_with_template_metadata.jsonl');
    expect(rows).toHaveLength(5);
    for (const task of rows) {
      await expect(env.open(task, call())).resolves.toBeDefined();
    }
  });
});
