import { expect, it } from 'vitest';
import { loadEnvironment } from '../../src/environments/index.js';
import type { JsonObject, TaskRow, Verdict } from '../../src/protocol/index.js';
import { ownPrompts, replay, services, shippedConfig, textReply } from './support.js';

const name = 'widesearch';

/** A judge that says nothing; what it is asked is kept. */
async function graded(
  evaluation: JsonObject,
  table: string[],
): Promise<{ verdict: Verdict; asked: string[] }> {
  const asked: string[] = [];
  const definition = (await loadEnvironment(name))!;
  const env = definition.create(
    name,
    { ...shippedConfig(name), ...ownPrompts(name) },
    {
      ...services,
      model: () => ({
        name: 'judge',
        modelId: 'judge',
        respond: () => Promise.reject(new Error('exchange is there')),
        exchange(_dialect, body) {
          asked.push(JSON.stringify(body));
          return Promise.resolve({ text: JSON.stringify(textReply('```json\n{}\n```')) });
        },
        close: () => Promise.resolve(),
      }),
    },
  );
  const task = {
    instance_id: 'i',
    query: 'q',
    language: 'en',
    evaluation,
    gold_answer: [
      { City: 'Paris', Founded: '1 May 1900' },
      { City: 'Lyon', Founded: '2 June 1950' },
    ],
    responses_create_params: { input: 'q' },
    _ng_task_index: 0,
    _ng_rollout_index: 0,
  } as unknown as TaskRow;
  const reply = textReply(['```markdown', ...table, '```'].join('\n'));
  const { verdict } = await replay(env, task, reply);
  return { verdict, asked };
}

const pipelines = (metric: string): JsonObject => ({
  city: { preprocess: [], metric: ['exact_match'] },
  founded: { preprocess: [], metric: [metric] },
});

it('a reply with other columns is wrong, whatever else the row says', async () => {
  const evaluation = {
    required: ['name', 'rank'],
    unique_columns: ['name'],
    eval_pipeline: { else: { preprocess: ['norm_str'] } },
  };
  const { verdict } = await graded(evaluation, ['| City | Founded |', '| Paris | 1 May 1900 |']);
  expect(verdict).toMatchObject({
    reward: 0,
    evaluation_message: "required columns ['name', 'rank'] do not match ['city', 'founded']",
  });
  await expect(graded(evaluation, ['| Name | Rank |', '| Paris | 1 |'])).rejects.toMatchObject({
    kind: 'row_invalid',
  });
});

it('a missing cell is no word for the judge, and near to any date', async () => {
  const evaluation = {
    required: ['city', 'founded'],
    unique_columns: ['city'],
    eval_pipeline: pipelines('date_near'),
  };
  const rows = ['| Paris | |', '| Lyon | 2 June 1950 |', '| | 1 May 1900 |'];
  const { verdict, asked } = await graded(evaluation, ['| City | Founded |', '| --- | --- |', ...rows]);
  expect(asked).toHaveLength(1);
  expect(asked[0]).toContain("['Paris', 'Lyon', nan]");
  expect(verdict).toMatchObject({ recall_by_row: 1, reward: 0 });
});
