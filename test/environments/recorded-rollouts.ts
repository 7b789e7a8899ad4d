import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ENVIRONMENTS, loadEnvironment } from '../../src/environments/index.js';
import { CallFailure, isObject } from '../../src/protocol/index.js';
import type { JsonObject, Model, ResponsesReply, TaskRow } from '../../src/protocol/index.js';
import { conformancePath, conformanceRows } from '../support/conformance.js';
import { referenceRoots } from '../support/reference.js';
import type { Case } from './oracle.js';
import { call, services, shippedConfig, textReply } from './support.js';

export type Rollout = TaskRow & { response: ResponsesReply; reward: number };

const JUDGED = new Set(
  readdirSync(path.join(import.meta.dirname, '../fixtures/judged-examples')).map((file) =>
    path.basename(file, '.json'),
  ),
);

/** Whether its recorded rollouts hold what its judges said. */
export const isJudged = (name: string): boolean => JUDGED.has(name);

/** Environments with rollouts that the reference recorded; some of its files hold a placeholder. */
export const WITH_ROLLOUTS = Object.keys(ENVIRONMENTS).filter((name) => {
  const file = conformancePath('environments', name, 'example_rollouts.jsonl');
  return existsSync(file) && (!isJudged(name) || /"response":\s*\{/.test(readFileSync(file, 'utf8')));
});

/** Rollouts that cannot be compared, or that 0.7.0 grades otherwise than the version that recorded them; why. */
export const NOT_COMPARED: Readonly<Record<string, string>> = {
  mcqa: 'a box is stripped before its label is read',
  example_single_tool_call: 'the reward was always 1',
  workplace_assistant: 'its rollouts are of rows that are not among the examples',
  proof_judge: 'its rollouts do not tell what the judge said',
  proof_verification: 'its rollouts do not tell what the judge said',
  math_advanced_calculations: 'its rollouts are of rows that are not among the examples',
  structured_outputs: 'its rollouts are of rows that are not among the examples',
  ifbench: 'parts of speech need the Python libraries',
  ruler: 'its rollouts are of rows that are not among the examples',
};

/** Rollouts that were made by hand, and that 0.7.0 grades otherwise: the A of "After …" is its grade. */
const REGRADED: Readonly<Record<string, number>> = { simpleqa: 1 };

/** Settings that rollouts were recorded with, where they are not those of the first case. */
const SETTINGS: Readonly<Record<string, JsonObject>> = { terminus_judge: { check_twice_swap: true } };

/** What the judges said when a rollout was recorded, in order: whole replies, or texts. */
function repliesIn(rollout: JsonObject): JsonObject[] {
  const asReply = (text: string): JsonObject => textReply(text) as unknown as JsonObject;
  const evaluations = [
    ...[rollout['judge_evaluations'] ?? []].flat(),
    rollout['judge_evaluation'],
    rollout['quality_judge_evaluation'],
  ].filter(isObject);
  const rubric = [rollout['rubric_evaluations'] ?? []].flat().filter(isObject);
  const texts = [
    ...rubric.map((one) => one['judge_response']),
    rollout['judge_output'],
    rollout['judge_raw'],
    rollout['judgement_gen_base'],
    rollout['judgement_base_gen'],
  ];
  return [
    ...evaluations.map((one) => one['response']).filter(isObject),
    ...(isObject(rollout['judge_response']) ? [rollout['judge_response']] : []),
    ...texts.flatMap((text) => (typeof text === 'string' && text !== '' ? [asReply(text)] : [])),
  ] as JsonObject[];
}

function judgeWith(replies: JsonObject[]): (name: string) => Model {
  return (name) => ({
    name,
    modelId: 'judge',
    respond: () => Promise.reject(new Error('exchange is there')),
    exchange(dialect) {
      const reply = replies.shift();
      if (reply === undefined) throw new Error('the judge was asked once more');
      if (dialect === 'responses') return Promise.resolve({ text: JSON.stringify(reply) });
      const [{ content } = { content: [] }] = (reply as unknown as ResponsesReply).output as {
        content: { text: string }[];
      }[];
      return Promise.resolve({
        text: JSON.stringify({ choices: [{ message: { content: content[0]!.text } }] }),
      });
    },
    close: () => Promise.resolve(),
  });
}

/** What was said, a text and a single part with it alike. */
const words = ({ responses_create_params: { input } }: TaskRow): string =>
  JSON.stringify(
    (input as { role: string; content: string | { text?: string }[] }[]).map(({ role, content }) => [
      role,
      Array.isArray(content) && content.length === 1 ? (content[0]!.text ?? content) : content,
    ]),
  );

/** The row that a rollout was made from: rollouts leave out what the verdict does not repeat. */
function taskOf(rollout: Rollout, rows: readonly TaskRow[]): TaskRow {
  // Of rows that differ in their pictures only, the index tells which it was.
  const at = (rollout as { _ng_task_index?: number })._ng_task_index ?? -1;
  const found = rows.find((row) => words(row) === words(rollout));
  return { ...rows[at], ...rollout, ...found, _ng_task_index: 0, _ng_rollout_index: 0 };
}

const given = { ...services, roots: [...(services.roots ?? []), ...referenceRoots()] };

/** Undefined where a Python library that is not here would be needed. */
async function rewardOf(name: string, task: TaskRow, rollout: Rollout): Promise<number | undefined> {
  const definition = (await loadEnvironment(name))!;
  const judged = isJudged(name);
  const config = judged
    ? { ...conformanceRows<Case>('environments', name, 'cases.jsonl')[0]!.config, ...SETTINGS[name] }
    : shippedConfig(name);
  const env = definition.create(name, config, {
    ...given,
    ...(judged && { model: judgeWith(repliesIn(rollout as unknown as JsonObject)) }),
  });
  const session = await env.open(task, call());
  for (const item of judged ? [] : rollout.response.output) {
    if (item.type !== 'function_call') continue;
    const { name: tool, arguments: args } = item as unknown as { name: string; arguments: string };
    await env.callTool(session, tool, JSON.parse(args) as JsonObject, call());
  }
  try {
    return (await env.verify(session, task, rollout.response, call())).reward;
  } catch (error) {
    if (!(error instanceof CallFailure) || error.kind !== 'verify_unavailable') throw error;
    return undefined;
  } finally {
    await env.close(session);
  }
}

export interface RecordedReward {
  /** Ours; undefined where a Python library that is not here would be needed. */
  readonly found: number | undefined;
  readonly recorded: number;
}

/** Rewards of the recorded rollouts of an environment. Games are played from their cases. */
export async function recordedRewards(name: string): Promise<RecordedReward[]> {
  const rows = conformanceRows<TaskRow>('environments', name, 'example.jsonl');
  const rewards: RecordedReward[] = [];
  const isGame =
    !isJudged(name) && 'step' in (await loadEnvironment(name))!.create(name, shippedConfig(name), given);
  if (isGame) return [];
  for (const rollout of conformanceRows<Rollout>('environments', name, 'example_rollouts.jsonl')) {
    const task = taskOf(rollout, rows);
    // A program of the model in Python, which is not run here; TOML, which is not read here.
    if (task['agent_mode'] === 'inductive' || task['output_type'] === 'TOML') continue;
    const found = await rewardOf(name, task, rollout);
    rewards.push({ found, recorded: REGRADED[name] ?? rollout.reward });
  }
  return rewards;
}
