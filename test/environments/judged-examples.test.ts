import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadEnvironment } from '../../src/environments/index.js';
import type { EnvironmentServices } from '../../src/environments/index.js';
import type { JsonObject, Model, TaskRow } from '../../src/protocol/index.js';
import { ownPrompts, replay, services, shippedConfig, textReply } from './support.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const FIXTURES = path.join(ROOT, 'test/fixtures/judged-examples');

/**
 * The right answer to each example row, and what a judge says to each of them: always the same, or what stands beside the
 * words that it is asked with.
 */
interface Fixture {
  answers: string[];
  judge: string | Readonly<Record<string, string>>;
}

/** A judge that always says the same, in both dialects; what it is asked is kept. */
function judgeThatSays(says: Fixture['judge'], asked: JsonObject[]): EnvironmentServices['model'] {
  return (name): Model => ({
    name,
    modelId: 'judge',
    respond: () => Promise.reject(new Error('exchange is there')),
    exchange(dialect, body) {
      asked.push(body);
      const told = JSON.stringify(body);
      const text =
        typeof says === 'string' ? says : Object.entries(says).find(([words]) => told.includes(words))![1];
      const chat = {
        choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: text } }],
      };
      return Promise.resolve({ text: JSON.stringify(dialect === 'chat' ? chat : textReply(text)) });
    },
    close: () => Promise.resolve(),
  });
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

describe('the shipped examples of environments with judges', () => {
  it.each(readdirSync(FIXTURES).map((file) => path.basename(file, '.json')))(
    '%s: with our own prompt, the right answer to each row has full marks',
    async (name) => {
      const { answers, judge } = JSON.parse(
        readFileSync(path.join(FIXTURES, `${name}.json`), 'utf8'),
      ) as Fixture;
      const asked: JsonObject[] = [];
      const definition = (await loadEnvironment(name))!;
      const config = { ...shippedConfig(name), ...ownPrompts(name) };
      const env = definition.create(name, config, { ...services, model: judgeThatSays(judge, asked) });
      const tasks = rows(name);
      expect(answers).toHaveLength(tasks.length);
      for (const [index, task] of tasks.entries()) {
        const { verdict } = await replay(env, task, textReply(answers[index]!));
        expect(verdict.reward, `${name}: row ${index + 1}: ${JSON.stringify(verdict)}`).toBe(1);
      }
      if (judge === '') expect(asked).toEqual([]);
      else
        for (const [index, answer] of answers.entries()) {
          const said = JSON.stringify(
            answer.replace(
              /^## Solution\n([\s\S]*)\n## Self Evaluation[\s\S]*$|^\\boxed\{(.*)\}$|^```sql\n([\s\S]*)\n```$/,
              '$1$2$3',
            ),
          ).slice(1, -1);
          expect(
            asked.some((body) => JSON.stringify(body).includes(said)),
            `row ${index + 1}`,
          ).toBe(true);
        }
    },
  );
});
