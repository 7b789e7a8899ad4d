import type { JsonObject } from '../../../protocol/index.js';
import { NumpyRandom, percentile, roundDigits } from '../../../python/index.js';

/** What a judge may say of two answers, the one most in favour of the first of them first. */
export const VERDICTS = ['A>>B', 'A>B', 'A=B', 'B>A', 'B>>A'] as const;
export type Verdict = (typeof VERDICTS)[number];

export const isVerdict = (text: unknown): text is Verdict => VERDICTS.includes(text as Verdict);

/** A verdict that is sure counts so many times. */
const SURE = 3;

/** The verdicts of one task: with the model's answer first, and with it second. */
type Pair = readonly [Verdict | undefined, Verdict | undefined];

/** How a battle ended for the model: 1 won, 0 lost, 0.5 neither. */
type Battle = 0 | 0.5 | 1;

const battlesOf = (verdict: Verdict, first: boolean): Battle[] => {
  if (verdict === 'A=B') return [0.5];
  const won = verdict.startsWith('A') === first;
  return Array.from({ length: verdict.includes('>>') ? SURE : 1 }, () => (won ? 1 : 0));
};

/** The verdict that is best for the model among those of a task's rollouts. */
function best(verdicts: readonly unknown[], first: boolean): Verdict | undefined {
  const order = first ? VERDICTS : VERDICTS.toReversed();
  return order.find((verdict) => verdicts.includes(verdict));
}

const rating = (share: number): number => 400 * Math.log10(share / (1 - share));
const shareAt = (points: number): number => 1 / (1 + 10 ** (-points / 400));
const percent = (share: number): number => roundDigits(share * 100, 2);

const shareOf = (battles: readonly number[]): number =>
  battles.reduce((sum, battle) => sum + battle, 0) / battles.length;

interface Draws {
  readonly arena_elo_bootstrap_rounds: number;
  readonly arena_elo_bootstrap_seed: number;
}

/**
 * How often the model would win, in percent, by Elo ratings fitted to the battles (of two players the likeliest is their
 * share of wins), and how far the ends of its 95 % interval are from that, by drawing the battles again and again.
 */
function score(pairs: readonly Pair[], settings: Draws): JsonObject {
  const invalid = pairs.flat().filter((verdict) => verdict === undefined).length;
  const counts = { invalid_scores: invalid, n: pairs.length };
  const battles = pairs.flatMap((pair) =>
    pair.flatMap((verdict, at) => (verdict === undefined ? [] : battlesOf(verdict, at === 0))),
  );
  if (battles.length === 0) return { score: null, ci_lower: null, ci_upper: null, ...counts };
  const share = shareOf(battles);
  if (share === 0 || share === 1) return { score: share * 100, ci_lower: 0, ci_upper: 0, ...counts };
  const random = new NumpyRandom(settings.arena_elo_bootstrap_seed);
  const ratings: number[] = [];
  for (let round = 0; round < settings.arena_elo_bootstrap_rounds; round++) {
    const drawn = shareOf(random.choice(battles.length, battles.length).map((at) => battles[at]!));
    // Where one side wins all there is nothing to fit.
    if (drawn > 0 && drawn < 1) ratings.push(rating(drawn));
  }
  const middle = percent(share);
  const end = (at: number): number => roundDigits(percent(shareAt(percentile(ratings, at))) - middle, 2);
  return { score: middle, ci_lower: end(2.5), ci_upper: end(97.5), ...counts };
}

/** The ratings over all tasks, and over those of each category. */
export function arenaElo(tasks: readonly (readonly JsonObject[])[], settings: Draws): JsonObject {
  const groups = new Map<string, Pair[]>([['', []]]);
  for (const rollouts of tasks) {
    if (rollouts.length === 0) continue;
    const verdicts = (key: string): unknown[] => rollouts.map((rollout) => rollout[key]);
    const pair: Pair = [best(verdicts('verdict_gen_base'), true), best(verdicts('verdict_base_gen'), false)];
    const category = verdicts('category').find((one) => typeof one === 'string' && one !== '');
    groups.get('')!.push(pair);
    if (category === undefined) continue;
    const name = `${category as string}/`;
    groups.set(name, [...(groups.get(name) ?? []), pair]);
  }
  const entries = [...groups].flatMap(([name, pairs]) =>
    Object.entries(score(pairs, settings)).map(([key, value]) => [`arena_elo/${name}${key}`, value] as const),
  );
  return Object.fromEntries(entries);
}
