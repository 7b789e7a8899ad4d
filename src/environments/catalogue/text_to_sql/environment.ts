import { z } from 'zod';
import { lower, strip } from '../../../python/index.js';
import { askJudge, messages } from '../../judge/ask.js';
import { JUDGE_OPERATIONAL, judgeKeys } from '../../judge/config.js';
import { fillPrompt, promptAt } from '../../judge/prompt.js';
import { assistantTexts, firstLabel } from '../../judge/reading.js';
import { recorded } from '../../judge/record.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import type { EnvironmentSetup } from '../../kit/definition.js';
import { allText } from '../../kit/reply-text.js';
import { repeated, rowId, rowMetadata } from '../../kit/row-fields.js';
import { findSql } from './find-sql.js';

const config = z.object({
  ...judgeKeys,
  judge_endpoint_max_concurrency: z.number().int().positive().nullable().default(64),
  judge_prompt_template_fpath: z.string().nullish(),
  judge_system_message: z.string().nullish(),
  judge_equal_label: z.string().default('[[A=B]]'),
  judge_not_equal_label: z.string().default('[[A!=B]]'),
  check_twice_swap: z.boolean().default(true),
  reward_if_swap_fails: z.number().default(0),
});

type Config = z.infer<typeof config>;

/** The reference's prompts stand in its program; a file of the user's comes without a system message. */
function prompts(setup: EnvironmentSetup<Config>): { system: string; user: string } {
  const { judge_system_message: system, judge_prompt_template_fpath: file } = setup.config;
  if (file != null) {
    return { system: system ?? '', user: promptAt(setup, { server: 'text_to_sql', file, read: 'text' }) };
  }
  const theirs = (name: string): string =>
    promptAt(setup, { server: 'text_to_sql', file: 'prompts.py', read: { after: [`\n${name} = `] } });
  return { system: system ?? theirs('SQL_JUDGE_SYSTEM_MESSAGE'), user: theirs('SQL_JUDGE_PROMPT_TEMPLATE') };
}

const ALIASES: Readonly<Record<string, string>> = {
  postgres: 'postgresql',
  pg: 'postgresql',
  sqlite3: 'sqlite',
};
const DIALECTS = ['mysql', 'postgresql', 'sqlite'];

const dialect = z
  .string()
  .transform((given) => strip(lower(given)))
  .transform((name) => ALIASES[name] ?? name)
  .refine((name) => DIALECTS.includes(name), `must be one of ${DIALECTS.join(', ')}`);

/** A question to a database: a judge says whether two queries are the same. */
export const textToSql = defineEnvironment({
  name: 'text_to_sql',
  version: 1,
  config,
  operational: JUDGE_OPERATIONAL,
  row: z.object({
    uuid: rowId,
    sql: z.string(),
    sql_dialect: dialect,
    sql_context: z.string().default(''),
    sql_prompt: z.string(),
    metadata: rowMetadata,
  }),
  prepare: prompts,
  async verify(played) {
    const { row, config: settings } = played;
    const { system, user } = prompts(played);
    const text = allText(played.response);
    const query = text === '' ? null : findSql(text);
    const found = query !== null && query !== '';
    const evaluations: object[] = [];
    const same = async (first: string, second: string): Promise<boolean> => {
      const { sql_prompt, sql_context, sql_dialect } = row;
      const fields = { sql_prompt, sql_context, sql_dialect, first_answer: first, second_answer: second };
      const asked = await askJudge(played, messages(fillPrompt(user, fields), system));
      const labels = [settings.judge_equal_label, settings.judge_not_equal_label];
      const label = firstLabel(assistantTexts(asked.reply), labels);
      evaluations.push({ ...recorded(asked), verdict_label: label ?? null });
      return label === settings.judge_equal_label;
    };
    let reward = 0;
    let passed = false;
    if (found && (await same(row.sql, query))) {
      passed = !settings.check_twice_swap || (await same(query, row.sql));
      reward = passed ? 1 : settings.reward_if_swap_fails;
    }
    return {
      ...repeated(row, 'uuid', 'metadata', 'sql', 'sql_dialect', 'sql_context', 'sql_prompt'),
      reward,
      model_output: text,
      extracted_sql: query,
      judge_passed: passed,
      failure_reason: !found ? 'no_sql_extracted' : passed ? 'none' : 'judge_evaluation_failed',
      judge_evaluations: evaluations,
    };
  },
});
