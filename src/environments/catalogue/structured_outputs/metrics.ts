import type { Json, JsonObject } from '../../../protocol/index.js';

/** Fields of a verdict by which the reward is averaged, and what stands before each value. */
const BY: readonly (readonly [field: string, prefix: string])[] = [
  ['schema_type', ''],
  ['problem_type', ''],
  ['schema_repr', 'repr_'],
  ['response_mode', 'response_mode_'],
  ['tool_schema_mode', 'tool_schema_mode_'],
  ['tool_choice', 'tool_choice_'],
  ['parallel_tool_calls', 'parallel_tool_calls_'],
  ['num_tools', 'num_tools_'],
  ['has_distractors', 'has_distractors_'],
  ['instruction_layout', 'instruction_layout_'],
  ['instruction_detail_level', 'instruction_detail_level_'],
  ['system_instruction_style', 'system_instruction_style_'],
  ['tool_name_style', 'tool_name_style_'],
  ['distractor_style', 'distractor_style_'],
  ['tool_union_mode', 'tool_union_mode_'],
];
/** Here false and 0 are values; elsewhere an empty one counts as absent. */
const ALL_VALUES = ['parallel_tool_calls', 'num_tools', 'has_distractors'];

/** The mean reward for each value of each field. */
export function meanRewards(tasks: readonly (readonly JsonObject[])[]): JsonObject {
  const metrics: JsonObject = {};
  for (const [field, prefix] of BY) {
    const groups = new Map<string, number[]>();
    for (const rollout of tasks.flat()) {
      const value: Json | undefined = rollout[field] ?? (field === 'schema_type' ? 'unknown' : undefined);
      if (value === undefined || (!ALL_VALUES.includes(field) && (value === '' || value === null))) continue;
      const name = typeof value === 'string' ? value : JSON.stringify(value);
      groups.set(name, [...(groups.get(name) ?? []), Number(rollout['reward'] ?? 0)]);
    }
    for (const [name, rewards] of groups) {
      metrics[`mean/reward_${prefix}${name}`] =
        rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
    }
  }
  return metrics;
}
