import { z } from 'zod';
import { lenientFloat } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { allText } from '../../kit/reply-text.js';
import { repeated, requiredId } from '../../kit/row-fields.js';
import { readJudgement, SCORES } from './scores.js';
import type { Judgement, Scores } from './scores.js';

const config = z.object({
  score_weight: lenientFloat.default(1),
  ranking_weight: lenientFloat.default(2),
  rubric_weight: lenientFloat.default(0.5),
  parse_failure_penalty: lenientFloat.default(-100),
});
type Config = z.infer<typeof config>;

const score = z.union([z.number(), z.boolean().transform(Number)]).nullish();
const right = z.looseObject({ score_1: score, score_2: score, ranking: score });
const rubric = right.extend({
  rubric_id: z.union([z.number(), z.string(), z.boolean().transform(Number), z.null()]),
});
type Right = z.infer<typeof right>;

const row = z.object({
  id: requiredId,
  ground_truth_overall: right.nullish(),
  ground_truth_rubric_scores: z.array(rubric).nullish(),
});

/** How far each score is from the right one, as far as the row tells that. */
function distances(wanted: Right | null | undefined, given: Scores): Partial<Scores> {
  const known = SCORES.filter((key) => wanted?.[key] != null);
  return Object.fromEntries(known.map((key) => [key, Math.abs(wanted![key]! - given[key])]));
}

/** What distances cost; undefined where there are none. */
function penalty(found: Partial<Scores>, { score_weight: scores, ranking_weight: ranking }: Config) {
  const costs = SCORES.flatMap((key) =>
    found[key] === undefined ? [] : [(key === 'ranking' ? ranking : scores) * found[key]],
  );
  return costs.length === 0 ? undefined : sum(costs);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly (number | undefined)[]): number | null => {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? null : sum(known) / known.length;
};

const MIDDLE = 3.5;

/** The distances of each rubric; undefined where the rubrics judged are not those of the row, each once. */
function ofRubrics(
  wanted: z.infer<typeof rubric>[] | null | undefined,
  { rubrics }: Judgement,
): Partial<Scores>[] | undefined {
  if (wanted == null || wanted.length === 0) return [];
  const rights = new Map(wanted.map((one) => [one.rubric_id, one]));
  const given = new Map(rubrics.map(({ id, scores }) => [id, scores]));
  if (rubrics.length !== rights.size || given.size !== rights.size) return undefined;
  if (![...rights.keys()].every((id) => given.has(id as number))) return undefined;
  return [...rights].map(([id, one]) => distances(one, given.get(id as number)!));
}

/** A model as a judge of two replies: the nearer its scores are to those of people, the better. */
export const generativeRewardModel = defineEnvironment({
  name: 'generative_reward_model',
  version: 1,
  reverifyMode: 'stateless',
  config,
  row,
  verify({ row: given, response, config: settings }) {
    const kept = repeated(given, 'ground_truth_overall', 'ground_truth_rubric_scores');
    const judgement = readJudgement(allText(response));
    const rubrics = judgement && ofRubrics(given.ground_truth_rubric_scores, judgement);
    if (judgement === undefined || rubrics === undefined) {
      return { ...kept, reward: settings.parse_failure_penalty, ...NOTHING, format_correct: 0 };
    }
    const wanted = given.ground_truth_overall;
    const overall = distances(wanted, judgement.overall);
    const costs = rubrics.map((one) => penalty(one, settings)).filter((one) => one !== undefined);
    const ofAll = costs.length === 0 ? 0 : (settings.rubric_weight * sum(costs)) / costs.length;
    const sameSide =
      wanted?.ranking == null || wanted.ranking < MIDDLE === judgement.overall.ranking < MIDDLE;
    return {
      ...kept,
      reward: 0 - (penalty(overall, settings) ?? 0) - ofAll,
      predicted_score_1: judgement.overall.score_1,
      predicted_score_2: judgement.overall.score_2,
      predicted_ranking: judgement.overall.ranking,
      format_correct: 1,
      overall_score_1_l1: overall.score_1 ?? null,
      overall_score_2_l1: overall.score_2 ?? null,
      overall_ranking_l1: overall.ranking ?? null,
      rubric_score_l1: mean(rubrics.flatMap((one) => [one.score_1, one.score_2])),
      rubric_ranking_l1: mean(rubrics.map((one) => one.ranking)),
      overall_ranking_binary_acc: wanted?.ranking == null ? null : Number(sameSide),
    };
  },
});

const NOTHING = {
  predicted_score_1: null,
  predicted_score_2: null,
  predicted_ranking: null,
  overall_score_1_l1: null,
  overall_score_2_l1: null,
  overall_ranking_l1: null,
  rubric_score_l1: null,
  rubric_ranking_l1: null,
  overall_ranking_binary_acc: null,
};
