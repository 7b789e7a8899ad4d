import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Stored runs for the tests of the HTML page: what a real run leaves behind, made from a seed. */

export interface MadeRun {
  tasks: number;
  repeats: number;
  /** Said by the user of every task, after its number. */
  question?: string;
  /** Said by the model in every answer. */
  answer?: string;
}

/** A small generator of numbers in [0, 1), the same on every machine. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const stamps = (task: number, rollout: number) => ({
  _ng_task_index: task,
  _ng_rollout_index: rollout,
  agent_ref: { name: 'calc_agent' },
});

function params(task: number, question: string) {
  return {
    input: [
      { role: 'system', content: 'Use the tool.' },
      { role: 'user', content: `Question ${task}: what is ${task} times seven? ${question}` },
    ],
    tools: [{ type: 'function', name: 'multiply', parameters: { type: 'object', properties: {} } }],
  };
}

function output(task: number, answer: string) {
  return [
    { type: 'reasoning', summary: [{ type: 'summary_text', text: `Multiply ${task} by seven.` }] },
    { type: 'function_call', call_id: 'c1', name: 'multiply', arguments: `{"a":${task},"b":7}` },
    { type: 'function_call_output', call_id: 'c1', output: `{"product":${task * 7}}` },
    {
      type: 'message',
      role: 'assistant',
      content: [{ type: 'output_text', text: `It is ${task * 7}. ${answer}` }],
    },
  ];
}

function run(duration: number, result: string) {
  const url = 'http://user:sekret@127.0.0.1:9/v1/chat/completions?key=sekret';
  const attempt = { model: 'policy_model', url, started_at: 1, duration_ms: duration, result };
  return { stop_reason: 'answered', turns: 2, duration_ms: duration, attempts: [attempt] };
}

/**
 * Writes rollouts, failures, inputs and manifest. Task 1's rollouts all fail for good when there are over two tasks;
 * the last rollout of task 2 is owed. Gives the rollouts file.
 */
export async function makeRun(dir: string, made: MadeRun): Promise<string> {
  await mkdir(dir, { recursive: true });
  const random = seeded(7);
  const lines = { rollouts: [] as string[], failures: [] as string[], inputs: [] as string[] };
  for (let task = 0; task < made.tasks; task++) {
    const skill = random();
    for (let rollout = 0; rollout < made.repeats; rollout++) {
      const request = { responses_create_params: params(task, made.question ?? '') };
      lines.inputs.push(JSON.stringify({ ...request, ...stamps(task, rollout) }));
      if (task === 2 && rollout === made.repeats - 1 && made.tasks > 2) continue;
      const duration = 200 + Math.floor(3000 * random() ** 4);
      if (task === 1 && made.tasks > 2) {
        const failure = { _ng_failure_class: 'timeout', message: 'no byte in 60 s', retryable: true };
        const row = { ...request, ...stamps(task, rollout), ...failure, _ng_run: run(duration, 'timeout') };
        lines.failures.push(JSON.stringify(row), JSON.stringify({ ...row, _ng_attempt_index: 1 }));
        continue;
      }
      const reward = task === 0 ? (rollout + 1) % 2 : Number(random() < skill);
      const usage = { input_tokens: 50 + task, output_tokens: 20, total_tokens: 70 + task };
      const response = { id: 'r', model: 'demo-model', output: output(task, made.answer ?? ''), usage };
      const verdict = { reward, expected_answer: String(task * 7), extracted_answer: String(task * 7) };
      const row = {
        ...request,
        response,
        ...verdict,
        ...stamps(task, rollout),
        _ng_run: run(duration, 'ok'),
      };
      lines.rollouts.push(JSON.stringify(row));
    }
  }
  const file = path.join(dir, 'calc.jsonl');
  const text = (rows: readonly string[]): string => rows.map((row) => `${row}\n`).join('');
  await writeFile(file, text(lines.rollouts));
  await writeFile(path.join(dir, 'calc_failures.jsonl'), text(lines.failures));
  await writeFile(path.join(dir, 'calc_materialized_inputs.jsonl'), text(lines.inputs));
  const identity = { servers: { policy_model: { type: 'responses_api_models', model: 'demo-model' } } };
  const manifest = { manifest_version: 1, tool: { name: 'ngym', version: '0.1.0' }, identity, tasks: {} };
  const more = { created_at: '2026-01-02T03:04:05.000Z', input: 'calc.jsonl', config: { api_key: 'sekret' } };
  await writeFile(path.join(dir, 'calc_manifest.json'), JSON.stringify({ ...manifest, ...more }));
  return file;
}
