import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadEnvironment } from '../../src/environments/index.js';
import type { TaskRow } from '../../src/protocol/index.js';
import { replay, reply, services, shippedConfig, textReply, toolCall } from './support.js';

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

function replyOf({ text, calls = [] }: Answer) {
  const items = calls.map(([name, args], index) => toolCall(name, args, `c${index}`));
  return reply(...items, ...(text === undefined ? [] : textReply(text).output));
}

const NAMES = readdirSync(ANSWERS).map((file) => path.basename(file, '.json'));

describe('the shipped examples', () => {
  it.each(NAMES)('%s: the right answer to each row has full marks, and no answer has none', async (name) => {
    const answers = JSON.parse(readFileSync(path.join(ANSWERS, `${name}.json`), 'utf8')) as Answer[];
    const definition = (await loadEnvironment(name))!;
    const env = definition.create(name, shippedConfig(name), services);
    const tasks = rows(name);
    expect(answers).toHaveLength(tasks.length);
    let unanswered = 0;
    for (const [index, task] of tasks.entries()) {
      const { verdict } = await replay(env, task, replyOf(answers[index]!));
      expect(verdict.reward, `${name}: row ${index + 1}: ${JSON.stringify(verdict)}`).toBe(1);
      unanswered += (await replay(env, task, reply())).verdict.reward;
    }
    expect(unanswered).toBeLessThan(tasks.length / 2);
  });
});
