import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadEnvironment } from '../../src/environments/index.js';
import type { Environment, ResponsesReply, TaskRow } from '../../src/protocol/index.js';
import {
  call,
  fullMarks,
  ownPrompts,
  reply,
  services,
  shippedConfig,
  textReply,
  toolCall,
} from './support.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const ANSWERS = path.join(ROOT, 'test/fixtures/example-answers');

/** What a model says: a text, or calls as `[name, arguments]`, with the text after them. */
interface Answer {
  text?: string;
  calls?: [name: string, args: unknown][];
}

function rows(name: string): TaskRow[] {
  const file = path.join(ROOT, `data/resources_servers/${name}/data/example.jsonl`);
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line, index) => ({
    ...(JSON.parse(line) as TaskRow),
    _ng_task_index: index,
    _ng_rollout_index: 0,
  }));
}

/** What the episode comes to: each call with what the tool said, then the text. */
async function played(env: Environment, task: TaskRow, { text, calls = [] }: Answer): Promise<number> {
  const session = await env.open(task, call());
  const output: ResponsesReply['output'] = [];
  for (const [index, [name, args]] of calls.entries()) {
    const item = toolCall(name, args, `c${index}`);
    const told = await env.callTool(session, name, args, call());
    output.push(item, { type: 'function_call_output', call_id: item.call_id, output: told });
  }
  if (text !== undefined) output.push(...textReply(text).output);
  const { reward } = await env.verify(session, task, reply(...output), call());
  await env.close(session);
  return reward;
}

const NAMES = readdirSync(ANSWERS).map((file) => path.basename(file, '.json'));

describe('the shipped examples', () => {
  it.each(NAMES)('%s: the right answer to each row has full marks, and no answer has none', async (name) => {
    const answers = JSON.parse(readFileSync(path.join(ANSWERS, `${name}.json`), 'utf8')) as Answer[];
    const definition = (await loadEnvironment(name))!;
    const env = definition.create(name, { ...shippedConfig(name), ...ownPrompts(name) }, services);
    const tasks = rows(name);
    expect(answers).toHaveLength(tasks.length);
    let unanswered = 0;
    for (const [index, task] of tasks.entries()) {
      expect(await played(env, task, answers[index]!), `row ${index + 1}`).toBe(fullMarks(name));
      unanswered += await played(env, task, {});
    }
    expect(unanswered).toBeLessThan(tasks.length / 2);
  });
});
