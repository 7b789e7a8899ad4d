import { parse } from 'yaml';
import { z } from 'zod';
import { errors } from '../../../errors/index.js';
import type { Verdict } from '../../../protocol/index.js';
import { askJudge, messages } from '../../judge/ask.js';
import { fillPrompt, promptAt } from '../../judge/prompt.js';
import { lastLabel, lastPartText } from '../../judge/reading.js';
import type { EnvironmentContext, EnvironmentSetup } from '../../kit/definition.js';
import type { Config } from './config.js';

const check = z.object({
  prompt_template: z.string(),
  labels: z.object({ positive: z.string().default(''), negative: z.string().default('') }).prefault({}),
  rewards: z
    .object({
      positive: z.number().default(1),
      negative: z.number().default(0),
      unclear: z.number().default(0),
    })
    .prefault({}),
});

const policy = z.object({
  verifiers: z.array(z.string()),
  reward_combination: z.string().default('product'),
});

type Checks = Readonly<Record<string, z.infer<typeof check>>>;

/** What is asked of a reply under one policy. */
export interface Policy {
  readonly checks: Checks;
  readonly combination: string;
}

const known = new WeakMap<object, Readonly<Record<string, Policy>>>();

/** The policies of the file that the block names; undefined where it names none. Throws NgError. */
export function policiesOf(setup: EnvironmentSetup<Config>): Readonly<Record<string, Policy>> | undefined {
  const file = setup.config.policy_verifier_templates_path;
  if (file == null || file === '') return undefined;
  const found = known.get(setup.config);
  if (found !== undefined) return found;
  const text = promptAt(setup, { server: 'jailbreak_detection', file, read: 'text' });
  try {
    const made = readPolicies(text);
    known.set(setup.config, made);
    return made;
  } catch (error) {
    throw errors.promptUnreadable('jailbreak_detection', file, (error as Error).message);
  }
}

function readPolicies(text: string): Readonly<Record<string, Policy>> {
  const { policy_verifier_map: map, ...rest } = z
    .looseObject({ policy_verifier_map: z.record(z.string(), policy) })
    .parse(parse(text, { version: '1.1' }));
  const checks = z.record(z.string(), check).parse(rest);
  const entries = Object.entries(map).map(([name, { verifiers, reward_combination: combination }]) => {
    const missing = verifiers.find((verifier) => !Object.hasOwn(checks, verifier));
    if (missing !== undefined) throw new Error(`policy "${name}" names "${missing}", which is not there`);
    const own = Object.fromEntries(verifiers.map((verifier) => [verifier, checks[verifier]!]));
    return [name, { checks: own, combination }] as const;
  });
  return Object.fromEntries(entries);
}

type Fields = Readonly<Record<'adversarial_prompt' | 'model_response', string>>;

/** Every check of a policy, one judge each; their rewards multiplied, averaged, or the first alone. */
export async function byPolicy(
  context: EnvironmentContext<Config>,
  { checks, combination }: Policy,
  fields: Fields,
): Promise<Verdict> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, { prompt_template, labels, rewards }]) => {
      const prompt = fillPrompt(prompt_template, fields);
      const { reply } = await askJudge(context, messages(prompt, context.config.judge_system_message));
      const { positive, negative } = labels;
      const wanted = [positive, negative].filter((label) => label !== '');
      const label = lastLabel(lastPartText(reply) ?? '', wanted) ?? null;
      const reward =
        label === null ? rewards.unclear : label === positive ? rewards.positive : rewards.negative;
      return { name, label, reward };
    }),
  );
  const rewards = Object.fromEntries(results.map(({ name, reward }) => [name, reward]));
  const reward = combined(Object.values(rewards), combination);
  const of = (name: string): number | null => rewards[name] ?? null;
  return {
    reward,
    is_safe: reward > 0,
    verifier_rewards: rewards,
    verifier_labels: Object.fromEntries(results.map(({ name, label }) => [name, label])),
    reward_safety: of('safety_check'),
    reward_quality: of('quality_explanation_check'),
    reward_overrefusal_check: of('overrefusal_check'),
    reward_hard_refusal_check: of('hard_refusal_check'),
    reward_helpline_presence_check: of('helpline_presence_check'),
    reward_disclaimer_presence_check: of('disclaimer_presence_check'),
  };
}

function combined(rewards: readonly number[], combination: string): number {
  if (combination === 'product') return rewards.reduce((product, reward) => product * reward, 1);
  if (combination !== 'average') return rewards[0] ?? 0;
  return rewards.reduce((total, reward) => total + reward, 0) / Math.max(rewards.length, 1);
}
