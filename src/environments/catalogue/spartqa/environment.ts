import { z } from 'zod';
import type { JsonObject } from '../../../protocol/index.js';
import { asLossless, characters, pythonStr } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { pick } from '../../kit/key-metrics.js';
import { anyText } from '../../kit/reply-text.js';
import { taskKeys } from '../../kit/row-keys.js';
import { BOTH, candidatesOf, labelKey, NONE, plainWords, resolve } from './labels.js';
import { readAnswer } from './read-answer.js';

const str = (value: unknown): string => pythonStr(asLossless(value));

/** What Python's `list()` makes of a value of the metadata. */
function listOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(str);
  if (typeof value === 'object' && value !== null) return Object.keys(value);
  return typeof value === 'string' ? characters(value) : [];
}

const share = (rollouts: readonly JsonObject[], is: (one: JsonObject) => unknown): number =>
  rollouts.filter((one) => Boolean(is(one))).length / rollouts.length;

/** Which of two objects of a story a question asks for: one of them, both or none. */
export const spartqa = defineEnvironment({
  name: 'spartqa',
  version: 1,
  reverifyMode: 'stateless',
  config: z.object({ name: z.string().optional() }),
  row: z.object({
    target: z.string().default(''),
    options: z.array(z.string()).default([]),
    verifier_metadata: z.record(z.string(), z.unknown()).nullable().default(null),
  }),
  verify({ row, response }) {
    const metadata = row.verifier_metadata ?? {};
    const answer = readAnswer(anyText(response));
    const gold = row.target === '' ? str(metadata['target'] ?? '') : row.target;
    const options = row.options.length > 0 ? row.options : listOf(metadata['options']);
    const label = resolve(answer, candidatesOf(options.length > 0 ? options : [gold]));
    const right = labelKey(gold) !== '' && label !== undefined && labelKey(label) === labelKey(gold);
    return {
      ...taskKeys(row),
      reward: Number(right),
      exact: right && labelKey(answer) === labelKey(gold),
      parsed: plainWords(answer) !== '',
      extracted: characters(answer).slice(0, 200).join(''),
      predicted_label: label ?? '',
    };
  },
  metrics(tasks) {
    const rollouts = tasks.flat();
    if (rollouts.length === 0) return {};
    const rewards = rollouts.map(({ reward }) => reward).filter((reward) => typeof reward === 'number');
    const found: JsonObject = {};
    if (rewards.length > 0) {
      found['mean_reward'] = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
      found['count'] = rewards.length;
    }
    found['exact_match_rate'] = share(rollouts, (one) => one['exact']);
    found['parse_rate'] = share(rollouts, (one) => one['parsed']);
    found['label_resolve_rate'] = share(rollouts, (one) => one['predicted_label']);
    for (const label of [BOTH, NONE]) {
      const those = rollouts.filter((one) => labelKey(str(one['target'] ?? '')) === labelKey(label));
      if (those.length > 0) {
        found[`accuracy_${label.replaceAll(' ', '_')}`] = share(those, ({ reward }) => reward === 1);
      }
    }
    return found;
  },
  keyMetrics: (metrics) => pick(metrics, ['mean_reward', 'exact_match_rate']),
});
