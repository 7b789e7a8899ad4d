import path from 'node:path';
import { tempFolder } from './temp-folder.js';

/** What happened to one rollout of a made-up run. */
export interface Told {
  task: number;
  rollout?: number;
  agent?: string;
  reward?: number;
  /** With a reward: the environment says that it is no measurement, and why. */
  masked?: string;
  /** Kinds of failed attempts, in order. */
  failures?: string[];
  category?: string;
  answer?: string | null;
  ms?: number;
  /** Why the episode ended; default `answered`. */
  stop?: string;
  cost?: number;
  question?: string;
}

function text(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}

function stamps({ task, rollout = 0, agent = 'ag' }: Told): object {
  return { _ng_task_index: task, _ng_rollout_index: rollout, agent_ref: { name: agent } };
}

function inputRow(told: Told): object {
  const { task, category, question } = told;
  return {
    ...(category === undefined ? {} : { metadata: { category } }),
    expected_answer: 'A',
    responses_create_params: {
      input: [{ role: 'user', content: question ?? `question ${task}` }],
      temperature: 0.5,
    },
    ...stamps(told),
  };
}

export function resultRow(told: Told): object {
  const { reward, answer, masked, ms = 1000, cost, stop = 'answered' } = told;
  const output = [
    {
      type: 'message',
      role: 'assistant',
      content: [{ type: 'output_text', text: `I say ${answer ?? 'nothing'}` }],
    },
  ];
  return {
    responses_create_params: { input: 'given' },
    response: {
      output,
      usage: { input_tokens: 100 + told.task, output_tokens: 10, total_tokens: 110 + told.task },
    },
    reward,
    ...(masked === undefined ? {} : { mask_sample: true, failure_kind: masked, failure_reason: 'it was' }),
    ...(answer === undefined ? {} : { extracted_answer: answer }),
    ...stamps(told),
    _ng_run: {
      stop_reason: stop,
      turns: 1,
      duration_ms: ms,
      attempts: [],
      ...(cost === undefined ? {} : { cost_usd: cost }),
    },
  };
}

/** The stored files of a run, by name. */
export function runTexts(rollouts: readonly Told[], stem = 'r'): Record<string, string> {
  const failures = rollouts.flatMap((told) =>
    (told.failures ?? []).map((kind) => ({
      ...stamps(told),
      _ng_failure_class: kind,
      message: `${kind} happened`,
      retryable: true,
      _ng_run: { duration_ms: 5, attempts: [] },
    })),
  );
  return {
    [`${stem}.jsonl`]: rollouts
      .filter(({ reward }) => reward !== undefined)
      .map((told) => text(resultRow(told)))
      .join(''),
    [`${stem}_failures.jsonl`]: failures.map(text).join(''),
    [`${stem}_materialized_inputs.jsonl`]: rollouts.map((told) => text(inputRow(told))).join(''),
    [`${stem}_manifest.json`]: '{"manifest_version":1}',
  };
}

/** Writes a run into a folder of its own; gives the rollouts file. */
export function storedRun(rollouts: readonly Told[]): string {
  return path.join(tempFolder(runTexts(rollouts)), 'r.jsonl');
}

/** Four tasks, two repeats, one failed, one owed, one masked: every state at once. */
export const MIXED: readonly Told[] = [
  { task: 0, rollout: 0, reward: 1, answer: 'A', category: 'algebra', ms: 1200, cost: 0.01 },
  { task: 0, rollout: 1, reward: 1, answer: 'A', category: 'algebra', ms: 900, cost: 0.012 },
  { task: 1, rollout: 0, reward: 0, answer: 'B', category: 'algebra', ms: 4000, cost: 0.02 },
  { task: 1, rollout: 1, reward: 1, answer: 'A', category: 'algebra', ms: 3000 },
  { task: 2, rollout: 0, failures: ['overloaded', 'timeout_idle'], category: 'geometry' },
  { task: 2, rollout: 1, reward: 0, answer: null, category: 'geometry', failures: ['overloaded'] },
  { task: 3, rollout: 0, category: 'geometry' },
  { task: 3, rollout: 1, reward: 1, masked: 'session_lost', category: 'geometry', cost: 0.001 },
];
