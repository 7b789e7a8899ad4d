import { z } from 'zod';
import { askJudge, messages } from '../../judge/ask.js';
import { JUDGE_OPERATIONAL, judgeKeys } from '../../judge/config.js';
import { fillPrompt, promptAt } from '../../judge/prompt.js';
import { AGGREGATION_MODES, aggregateScores, isPassed } from '../../kit/aggregate-scores.js';
import { inTurnOrAtOnce } from '../../kit/in-turn.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import type { EnvironmentSetup } from '../../kit/definition.js';
import { finalAssistantText } from '../../kit/reply-text.js';
import { optionalText, repeated, rowId, rowMetadata, taskId } from '../../kit/row-fields.js';
import { withoutThinking } from '../../kit/thinking.js';
import { contextOf, rubricOf } from './row.js';
import { readYesNo } from './verdict.js';

const config = z.object({
  ...judgeKeys,
  aggregation_mode: z.enum(AGGREGATION_MODES).default('mean'),
  judge_prompt_template: z.string().optional(),
  judge_system_message: z.string().nullish(),
  yes_label: z.string().default('[[YES]]'),
  no_label: z.string().default('[[NO]]'),
  parallel_evaluation: z.boolean().default(true),
});

type Config = z.infer<typeof config>;

/** Those of the block; the reference's defaults stand in its program. */
function prompts(setup: EnvironmentSetup<Config>): { system: string | null; user: string } {
  const { judge_prompt_template: user, judge_system_message: system } = setup.config;
  const theirs = (key: string): string =>
    promptAt(setup, {
      server: 'multichallenge',
      file: 'app.py',
      read: { after: [`    ${key}: `, 'default='] },
    });
  return {
    user: user ?? theirs('judge_prompt_template'),
    system: system === undefined ? theirs('judge_system_message') : system,
  };
}

/** Conversations with a rubric for their last reply: a judge answers each question of it with yes or no. */
export const multichallenge = defineEnvironment({
  name: 'multichallenge',
  version: 1,
  config,
  operational: [...JUDGE_OPERATIONAL, 'parallel_evaluation'],
  row: z.object({
    uuid: rowId,
    task_id: taskId,
    rubric: z.array(z.record(z.string(), z.unknown())).nullish(),
    context: optionalText,
    metadata: rowMetadata,
  }),
  prepare: prompts,
  async verify(played) {
    const { row, config: settings } = played;
    const { user, system } = prompts(played);
    const text = withoutThinking(finalAssistantText(played.response));
    const context = contextOf(row);
    const evaluations = await inTurnOrAtOnce(rubricOf(row), settings.parallel_evaluation, async (item) => {
      const { question, pass_criteria: wanted } = item;
      const fields = { context, response: text, question, pass_criteria: wanted };
      const asked = fillPrompt(user, fields);
      const { reply } = await askJudge(played, messages(asked, system));
      const said = withoutThinking(finalAssistantText(reply));
      const verdict = readYesNo(said, settings);
      const score = Number(verdict === (wanted.toUpperCase() === 'NO' ? 'NO' : 'YES'));
      return { ...item, judge_prompt: asked, judge_response: said, verdict, score };
    });
    const scores = evaluations.map(({ score }) => score);
    const weights = evaluations.map(({ weight }) => weight);
    return {
      ...repeated(row, 'uuid', 'task_id', 'metadata'),
      reward: aggregateScores(settings.aggregation_mode, scores, weights),
      context,
      generated_response: text,
      rubric_evaluations: evaluations,
      aggregation_mode: settings.aggregation_mode,
      num_passed: scores.filter(isPassed).length,
      num_total: scores.length,
    };
  },
});
