import { z } from 'zod';
import type { JsonObject } from '../../../protocol/index.js';
import { askChat, messages } from '../../judge/ask.js';
import { judgeKeys } from '../../judge/config.js';
import { fillPrompt, promptAt } from '../../judge/prompt.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import type { EnvironmentSetup } from '../../kit/definition.js';
import { allAtHighestK, pick } from '../../kit/key-metrics.js';
import { allText } from '../../kit/reply-text.js';
import { optionalText, repeated } from '../../kit/row-fields.js';
import { byKey } from '../../kit/task-groups.js';
import { wellFormed } from '../../kit/well-formed.js';
import { arenaElo, isVerdict } from './elo.js';
import type { Verdict } from './elo.js';

const config = z
  .object({
    judge_model_server: judgeKeys.judge_model_server,
    judge_chat_completions_create_params: z.looseObject({}).transform((params) => params as JsonObject),
    judge_prompt_paths: z.record(z.string(), z.string()).default({
      hard_prompt: 'resources_servers/arena_judge/prompts/arena.yaml',
      creative_writing: 'resources_servers/arena_judge/prompts/arena_creative.yaml',
    }),
    default_category: z.string().default('hard_prompt'),
    arena_elo_bootstrap_rounds: z.number().int().default(100),
    arena_elo_bootstrap_seed: z.number().int().default(42),
    sanitize_generations: z.boolean().default(false),
  })
  .refine(
    ({ judge_prompt_paths: paths, default_category: category }) => Object.hasOwn(paths, category),
    'judge_prompt_paths has no prompt for the default_category',
  );
type Config = z.infer<typeof config>;

/** The prompt of a category, by its file. */
function promptOf(setup: EnvironmentSetup<Config>, category: string): { system: string; user: string } {
  const file = setup.config.judge_prompt_paths[category]!;
  const read = (key: string, optional: boolean): string =>
    promptAt(setup, { server: 'arena_judge', file, read: { key, optional } });
  return { system: read('system', true), user: read('user', false) };
}

/** The one verdict in a text, though it may stand there more than once; null for none and for several. */
function verdictIn(text: string): Verdict | null {
  const found = new Set(Array.from(text.matchAll(/\[\[([AB<>=]+)\]\]/g), ([, label]) => label));
  const [label] = found;
  return found.size === 1 && isVerdict(label) ? label : null;
}

const WINS: readonly unknown[] = ['A>>B', 'A>B'];
const LOSSES: readonly unknown[] = ['B>A', 'B>>A'];

/** Open questions: a judge says which of two answers is better, the model's or a given one, both ways round. */
export const arenaJudge = defineEnvironment({
  name: 'arena_judge',
  version: 1,
  reverifyMode: 'stateless',
  config,
  row: z.object({
    question: optionalText,
    baseline_answer: optionalText,
    category: optionalText,
    uid: optionalText,
  }),
  prepare: (setup) => Object.keys(setup.config.judge_prompt_paths).forEach((name) => promptOf(setup, name)),
  async verify(played) {
    const { row, config: settings } = played;
    const clean = (text: string): string =>
      settings.sanitize_generations ? (wellFormed(text) as string) : text;
    const [answer, other] = [clean(allText(played.response)), clean(row.baseline_answer ?? '')];
    const known = Object.hasOwn(settings.judge_prompt_paths, row.category ?? '');
    const category = row.category && known ? row.category : settings.default_category;
    const prompt = promptOf(played, category);
    const ask = async (first: string, second: string) => {
      const fields = { question: row.question ?? '', answer_1: first, answer_2: second };
      const system = prompt.system === '' ? null : fillPrompt(prompt.system, fields);
      const input = messages(fillPrompt(prompt.user, fields), system);
      const { text } = await askChat(played, input, settings.judge_chat_completions_create_params);
      return { text, verdict: verdictIn(text) };
    };
    const [forward, back] = await Promise.all([ask(answer, other), ask(other, answer)]);
    return {
      ...repeated(row, 'question', 'baseline_answer', 'uid'),
      reward: Number(WINS.includes(forward.verdict)),
      judgement_gen_base: forward.text,
      judgement_base_gen: back.text,
      verdict_gen_base: forward.verdict,
      verdict_base_gen: back.verdict,
      category,
      invalid_gen_base: forward.verdict === null,
      invalid_base_gen: back.verdict === null,
    };
  },
  passMajority: {
    scores: {
      wins: ({ verdict_gen_base: verdict }) => Number(WINS.includes(verdict)),
      strict_wins: ({ verdict_gen_base: verdict }) => Number(verdict === 'A>>B'),
      ties: ({ verdict_gen_base: verdict }) => Number(verdict === 'A=B'),
      losses: ({ verdict_gen_base: verdict }) => Number(LOSSES.includes(verdict)),
      double_wins: ({ verdict_gen_base: verdict, verdict_base_gen: back }) =>
        Number(WINS.includes(verdict) && LOSSES.includes(back)),
      invalid_gen_base: ({ invalid_gen_base: invalid }) => Number(Boolean(invalid)),
    },
    answerKey: 'verdict_gen_base',
    groups: byKey('category', { named: false }),
  },
  metrics: (tasks, settings) => arenaElo(tasks, settings),
  keyMetrics: (metrics) => ({
    ...pick(metrics, [
      ...['mean/input_tokens', 'mean/output_tokens'],
      ...['score', 'ci_lower', 'ci_upper', 'invalid_scores'].map((name) => `arena_elo/${name}`),
    ]),
    ...allAtHighestK(metrics, 'pass@1[avg-of-{k}]'),
    ...allAtHighestK(metrics, 'pass@{k}', ['no_answer']),
  }),
});
