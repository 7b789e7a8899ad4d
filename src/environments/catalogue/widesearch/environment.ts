import { z } from 'zod';
import { CallFailure } from '../../../protocol/index.js';
import type { JsonObject } from '../../../protocol/index.js';
import {
  asLossless,
  plainJson,
  pythonEqual,
  pythonRegex,
  pythonRepr,
  tryLoadsJson,
} from '../../../python/index.js';
import { askJudge, messages } from '../../judge/ask.js';
import { JUDGE_OPERATIONAL, judgeKeys } from '../../judge/config.js';
import { fillPrompt, promptAt } from '../../judge/prompt.js';
import { asText } from '../../kit/as-text.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import type { EnvironmentContext, EnvironmentSetup } from '../../kit/definition.js';
import { assistantParts } from '../../kit/reply-text.js';
import { METRICS, PREPARATIONS } from './metrics.js';
import { score, UNSCORED } from './score.js';
import { goldTable, readTable, written } from './table.js';
import type { Cell, Table } from './table.js';

const config = z.object({
  judge_model_server: judgeKeys.judge_model_server,
  judge_responses_create_params: judgeKeys.judge_responses_create_params,
  alignment_prompt_path: z.string().default('prompts/alignment.txt'),
  column_judge_prompt_path: z.string().default('prompts/column_judge.txt'),
});
type Config = z.infer<typeof config>;
type Context = EnvironmentContext<Config>;

function prompts(setup: EnvironmentSetup<Config>): { alignment: string; column: string } {
  const { alignment_prompt_path: alignment, column_judge_prompt_path: column } = setup.config;
  const read = (file: string): string => promptAt(setup, { server: 'widesearch', file, read: 'whole' });
  return { alignment: read(alignment), column: read(column) };
}

const pipeline = z.object({
  preprocess: z.array(z.enum(Object.keys(PREPARATIONS))).default([]),
  metric: z.array(z.enum([...Object.keys(METRICS), 'llm_judge'])).default([]),
  criterion: z.unknown().optional(),
});

/** How a table is graded: which columns it must have, which of them tell its rows apart, and what is done with each. */
const columns = z.object({ required: z.array(z.string()), unique_columns: z.array(z.string()) });
const evaluation = columns.extend({ eval_pipeline: z.record(z.string(), pipeline) });
type Evaluation = z.infer<typeof evaluation>;

const OBJECT = pythonRegex('```json\\s*(\\{.*?\\})\\s*```', { dotAll: true });
/** As Python writes it: what is missing is no number. */
const value = (cell: Cell): string | number => cell ?? Number.NaN;
const list = (cells: readonly Cell[]): string => pythonRepr(asLossless(cells.map(value)));

/** The last JSON object in a fenced block of what the judge says to a prompt; empty where there is none. */
async function judged(context: Context, prompt: string): Promise<JsonObject> {
  const said = assistantParts((await askJudge(context, messages(prompt))).reply);
  const found = tryLoadsJson(OBJECT.findAll(said).at(-1) ?? '');
  return found instanceof Map ? (plainJson(found) as JsonObject) : {};
}

/** What each value is called in the right answer; a judge is asked where one is not to be found there. */
async function aligned(context: Context, values: readonly Cell[], references: readonly Cell[]) {
  if (values.length === 0 || references.length === 0) return new Map<string, string>();
  if (values.every((one) => references.includes(one))) return new Map<string, string>();
  const fields = { response: list(values), reference: list(references) };
  const found = await judged(context, fillPrompt(prompts(context).alignment, fields));
  return new Map(Object.entries(found).map(([key, name]) => [key, asText(name)]));
}

const renamed = (table: Table, names: ReadonlyMap<string, string>): Table => ({
  columns: table.columns.map((name) => names.get(name) ?? name),
  rows: table.rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, cell]) => [names.get(name) ?? name, cell])),
  ),
});

/** The table with other cells in a column. */
const mapped = (table: Table, column: string, work: (cell: Cell) => Cell): Table => ({
  ...table,
  rows: table.rows.map((row) => ({ ...row, [column]: work(row[column] ?? null) })),
});

const sameNames = (table: Table, names: readonly string[]): boolean =>
  new Set(table.columns).size === new Set(names).size && table.columns.every((name) => names.includes(name));

/** As the schema has it; what does not fit is the row's fault. */
function read<Value>(schema: z.ZodType<Value>, given: unknown): Value {
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw misfit(z.prettifyError(parsed.error));
  return parsed.data;
}

const misfit = (problem: string): CallFailure => new CallFailure('row_invalid', `evaluation: ${problem}`);

/** The evaluation of a row whose columns are those of its own right answer, each with what is done with it. */
function checked(given: unknown, gold: Table): Evaluation {
  const all = read(evaluation, given);
  const { required, unique_columns: unique, eval_pipeline: pipelines } = all;
  const lacking = required.find(
    (name) => !gold.columns.includes(name) || (!unique.includes(name) && !Object.hasOwn(pipelines, name)),
  );
  const prepared = Object.keys(pipelines).filter((name) => pipelines[name]!.preprocess.length > 0);
  const column = lacking ?? [...unique, ...prepared].find((name) => !required.includes(name));
  if (column !== undefined) throw misfit(`the column "${column}" is not everywhere`);
  return all;
}

/** Tables from the web: the rows and cells that are right, by rules and by a judge. */
export const widesearch = defineEnvironment({
  name: 'widesearch',
  version: 2,
  reverifyMode: 'stateless',
  config,
  operational: JUDGE_OPERATIONAL,
  repeats: ['instance_id', 'query', 'evaluation', 'gold_answer', 'language'],
  row: z.object({
    instance_id: z.string(),
    query: z.string(),
    evaluation: z.record(z.string(), z.unknown()),
    gold_answer: z.array(z.record(z.string(), z.unknown())),
    language: z.string(),
  }),
  prepare: (setup) => void prompts(setup),
  async verify(played) {
    const { row } = played;
    let table = readTable(assistantParts(played.response));
    if (table === undefined) {
      return { reward: 0, ...UNSCORED, evaluation_message: 'response contains no Markdown table' };
    }
    // A reply with other columns is wrong, whatever else the row says.
    const { required } = read(columns, row.evaluation);
    if (!sameNames(table, required)) table = renamed(table, await aligned(played, table.columns, required));
    if (!sameNames(table, required)) {
      const message = `required columns ${list(required)} do not match ${list(table.columns)}`;
      return { reward: 0, ...UNSCORED, evaluation_message: message };
    }
    let gold = goldTable(row.gold_answer);
    const { unique_columns: unique, eval_pipeline: pipelines } = checked(row.evaluation, gold);
    const cells = (from: Table, column: string): Cell[] => from.rows.map((one) => one[column] ?? null);
    for (const column of unique) {
      const asked = pipelines[column]?.metric.some((name) => name === 'exact_match' || name === 'llm_judge');
      if (asked !== true) continue;
      const names = await aligned(played, cells(table, column), cells(gold, column));
      table = mapped(table, column, (cell) => (cell === null ? null : (names.get(cell) ?? cell)));
    }
    for (const [column, { preprocess }] of Object.entries(pipelines)) {
      for (const name of preprocess) {
        const prepare = (cell: Cell): string => PREPARATIONS[name]!(written(cell));
        gold = mapped(gold, column, prepare);
        table = mapped(table, column, prepare);
      }
    }
    const compare = async (column: string, responses: readonly Cell[], targets: readonly Cell[]) => {
      const { metric, criterion } = pipelines[column]!;
      let scores = responses.map(() => 1);
      for (const name of metric) {
        const found = METRICS[name]
          ? responses.map((text, at) => Number(METRICS[name]!(text, targets[at] ?? null, criterion)))
          : await judgedScores(played, responses, targets, criterion === undefined ? '' : criterion);
        scores = scores.map((now, at) => Math.min(now, found[at]!));
      }
      return scores;
    };
    return score({ table, gold, required, unique, compare });
  },
});

/** 1 for each pair that the judge finds right. */
async function judgedScores(
  context: Context,
  responses: readonly Cell[],
  targets: readonly Cell[],
  criterion: unknown,
): Promise<number[]> {
  const pairs = responses.map((response, at) => [
    `idx_${at}`,
    { response: value(response), target: value(targets[at] ?? null) },
  ]);
  const fields = {
    criterion: asText(criterion),
    response: pythonRepr(asLossless(Object.fromEntries(pairs) as object)),
  };
  const found = await judged(context, fillPrompt(prompts(context).column, fields));
  return responses.map((_text, at) => Number(pythonEqual(found[`idx_${at}`] ?? 0, 1)));
}
