import type { JsonObject } from '../../../protocol/index.js';

const mean = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0) / values.length;

/** The rollouts by what a key says, in ascending order of that; `unknown` where it says nothing. */
function groupsOf(rollouts: readonly JsonObject[], ...keys: string[]): [string, JsonObject[]][] {
  const groups = new Map<string, JsonObject[]>();
  for (const rollout of rollouts) {
    const name = keys.map((key) => rollout[key]).find((value) => typeof value === 'string' && value !== '');
    const group = (name as string | undefined) ?? 'unknown';
    groups.set(group, [...(groups.get(group) ?? []), rollout]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

const statistics = (group: readonly JsonObject[]): JsonObject => ({
  count: group.length,
  accuracy: mean(group.map(({ correct }) => Number(correct ?? false))),
  mean_reward: mean(group.map(({ reward }) => reward as number)),
});

function errors(group: readonly JsonObject[]): JsonObject {
  const known = group.map(({ abs_error: error }) => error).filter((error) => typeof error === 'number');
  return { mae: known.length === 0 ? null : mean(known), mae_count: known.length };
}

/** How many answers are right, by the rollouts' method, by their kind of answer, and by the property asked for. */
export function byMethodAndProperty(tasks: readonly (readonly JsonObject[])[]): JsonObject {
  const rollouts = tasks.flat();
  const methods = groupsOf(rollouts, 'method').map(([method, group]) => {
    const types = groupsOf(group, 'resolved_answer_type', 'answer_type');
    const by = Object.fromEntries(types.map(([type, ofType]) => [type, statistics(ofType)]));
    return [method, { ...statistics(group), by_answer_type: by }] as const;
  });
  const properties = groupsOf(rollouts, 'property').map(
    ([property, group]) => [property, { ...statistics(group), ...errors(group) }] as const,
  );
  return { ...Object.fromEntries(methods), by_property: Object.fromEntries(properties) };
}
