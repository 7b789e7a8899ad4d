import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadEnvironment } from '../../src/environments/index.js';
import { isObject } from '../../src/protocol/index.js';
import type { JsonObject, Model, ResponsesReply, TaskRow } from '../../src/protocol/index.js';
import { conformanceMissing, conformancePath, conformanceRows } from '../support/conformance.js';
import { byReference, NO_REFERENCE, referenceRoots } from '../support/reference.js';
import type { Case } from './oracle.js';
import { call, services, textReply } from './support.js';

type Rollout = TaskRow & { response: ResponsesReply; reward: number };

const FIXTURES = path.join(import.meta.dirname, '../fixtures/judged-examples');

/** Their rollouts do not say what the judge said. */
const JUDGE_UNKNOWN = ['proof_judge', 'proof_verification'];

/** Those with recorded rollouts; some files of the reference hold a placeholder. */
const names = readdirSync(FIXTURES)
  .map((file) => path.basename(file, '.json'))
  .filter((name) => {
    if (JUDGE_UNKNOWN.includes(name)) return false;
    const file = conformancePath('environments', name, 'example_rollouts.jsonl');
    return existsSync(file) && /"response":\s*\{/.test(readFileSync(file, 'utf8'));
  });

const { here, without } = byReference(names);

/** Settings that rollouts were recorded with, where they are not those of the first case. */
const SETTINGS: Readonly<Record<string, JsonObject>> = { terminus_judge: { check_twice_swap: true } };

/** Rollouts that were made by hand, and that 0.7.0 grades otherwise: the A of "After …" is its grade. */
const REGRADED: Readonly<Record<string, number>> = { simpleqa: 1 };

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

const words = ({ responses_create_params: { input } }: TaskRow): string =>
  JSON.stringify((input as { role: string; content: unknown }[]).map(({ role, content }) => [role, content]));

describe.skipIf(conformanceMissing)('recorded rollouts with judges', () => {
  it.skip.each(without)(`%s: ${NO_REFERENCE}`, () => undefined);

  it.each(here)('%s: the recorded rewards', async (name) => {
    const rows = conformanceRows<TaskRow>('environments', name, 'example.jsonl');
    const [{ config }] = conformanceRows<Case>('environments', name, 'cases.jsonl') as [Case];
    const definition = (await loadEnvironment(name))!;
    const rollouts = conformanceRows<Rollout>('environments', name, 'example_rollouts.jsonl');
    for (const rollout of rollouts) {
      const env = definition.create(
        name,
        { ...config, ...SETTINGS[name] },
        {
          ...services,
          roots: [...(services.roots ?? []), ...referenceRoots()],
          model: judgeWith(repliesIn(rollout as unknown as JsonObject)),
        },
      );
      const found = rows.find((row) => words(row) === words(rollout));
      const task = { ...rollout, ...found, _ng_task_index: 0, _ng_rollout_index: 0 };
      const opened = await env.open(task, call());
      expect((await env.verify(opened, task, rollout.response, call())).reward).toBe(
        REGRADED[name] ?? rollout.reward,
      );
    }
  });
});
