import { z } from 'zod';
import { CallFailure } from '../../../protocol/index.js';
import { askJudge, messages } from '../../judge/ask.js';
import { JUDGE_OPERATIONAL, judgeKeys } from '../../judge/config.js';
import { fillPrompt } from '../../judge/prompt.js';
import { AGGREGATION_MODES, aggregateScores, isPassed } from '../../kit/aggregate-scores.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { inTurnOrAtOnce } from '../../kit/in-turn.js';
import { finalAssistantText } from '../../kit/reply-text.js';
import { ofMetadata, optionalText, repeated, rowId, rowMetadata, taskId } from '../../kit/row-fields.js';
import { withoutThinking } from '../../kit/thinking.js';
import { readPassFail } from './verdict.js';

const config = z.object({
  ...judgeKeys,
  aggregation_mode: z.enum(AGGREGATION_MODES).default('mean'),
  default_judge_prompt_template: z.string(),
  default_judge_system_prompt: z.string(),
  parallel_evaluation: z.boolean().default(true),
});

const row = z.object({
  uuid: rowId,
  task_id: taskId,
  prompt: optionalText,
  rubric: z.array(z.record(z.string(), z.unknown())).nullish(),
  reference_response: optionalText,
  judge_prompt_template: optionalText,
  judge_system_prompt: optionalText,
  metadata: rowMetadata,
});

/** What may stand in the row's metadata instead. */
const task = z.object({
  prompt: z.string(),
  reference_response: z.string(),
  rubric: z.array(z.looseObject({ id: z.string().default(''), criteria: z.string().default('') })),
});

function taskOf({ prompt, reference_response, rubric, metadata }: z.infer<typeof row>): z.infer<typeof task> {
  const read = task.safeParse({
    prompt: prompt || ofMetadata(metadata, 'prompt', ''),
    reference_response: reference_response || ofMetadata(metadata, 'reference_response', ''),
    rubric: rubric != null && rubric.length > 0 ? rubric : ofMetadata(metadata, 'rubric', []),
  });
  if (read.success) return read.data;
  throw new CallFailure('row_invalid', `The row cannot be judged: ${z.prettifyError(read.error)}`);
}

/** Instructions that go against habit: a judge says of each criterion whether the reply meets it. */
export const inverseIf = defineEnvironment({
  name: 'inverse_if',
  version: 1,
  config,
  operational: [...JUDGE_OPERATIONAL, 'parallel_evaluation'],
  row,
  async verify(played) {
    const { row: given, config: settings } = played;
    const { prompt, reference_response: standard, rubric } = taskOf(given);
    const text = withoutThinking(finalAssistantText(played.response));
    const template = given.judge_prompt_template || settings.default_judge_prompt_template;
    const system = given.judge_system_prompt || settings.default_judge_system_prompt;
    const evaluations = await inTurnOrAtOnce(
      rubric,
      settings.parallel_evaluation,
      async ({ id, criteria }) => {
        const fields = { prompt, model_response: text, standard_response: standard, criteria };
        const asked = fillPrompt(template, fields);
        const { reply } = await askJudge(played, messages(asked, system));
        const said = withoutThinking(finalAssistantText(reply));
        const { verdict, explanation } = readPassFail(said);
        const score = Number(verdict === 'PASS');
        return {
          criterion_id: id,
          criteria,
          judge_prompt: asked,
          judge_response: said,
          verdict,
          explanation,
          score,
        };
      },
    );
    const scores = evaluations.map(({ score }) => score);
    return {
      ...repeated(given, 'uuid', 'task_id', 'metadata'),
      reward: aggregateScores(settings.aggregation_mode, scores),
      prompt,
      generated_response: text,
      reference_response: standard,
      rubric_evaluations: evaluations,
      aggregation_mode: settings.aggregation_mode,
      num_passed: scores.filter(isPassed).length,
      num_total: scores.length,
    };
  },
});
