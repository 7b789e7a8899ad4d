import {
  clusterCount,
  expectedHalfWidth,
  meanInterval,
  meanOf,
  varianceComponents,
  type Components,
} from '../metrics/index.js';
import { left, right, table, toMarkdown, toText, type Block } from './formats/document.js';
import { agentNames, rewardsOf, select } from './run/group.js';
import { loadRun } from './run/load-run.js';
import { decimal, whole } from './text/format.js';

/** What more rollouts would tell about one agent. Half widths are of the 95 % interval of the mean reward. */
export interface AgentPlan {
  agent: string;
  tasks: number;
  /** Scored rollouts per task, on average. */
  repeats: number;
  mean: number;
  half_width: number | null;
  /** Variance of the reward between tasks, and between rollouts of one task; null without repeats. */
  components: Components | null;
  /** Repeats per task that halve the interval; null when no number does, or when it cannot be told. */
  repeats_to_halve: number | null;
  /** Tasks with the present repeats that halve it; null when it cannot be told. */
  tasks_to_halve: number | null;
  options: { repeats: number; half_width: number }[];
}

export interface PlanOptions {
  rollouts: string;
  format?: 'text' | 'markdown' | 'json' | undefined;
  color?: boolean | undefined;
}

const MOST = 2 ** 24;

/** The smallest whole number from `from` on for which `enough` holds, and keeps holding; null when there is none. */
function smallest(from: number, enough: (n: number) => boolean): number | null {
  if (!enough(MOST)) return null;
  let low = from;
  let high = MOST;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle + 1;
  }
  return high;
}

function halving(
  parts: Components,
  tasks: number,
  repeats: number,
): { repeats: number | null; tasks: number | null } {
  const wanted = expectedHalfWidth(parts, tasks, repeats) / 2;
  return {
    repeats: smallest(Math.ceil(repeats), (n) => expectedHalfWidth(parts, tasks, n) <= wanted),
    tasks: smallest(tasks, (n) => expectedHalfWidth(parts, n, repeats) <= wanted),
  };
}

function planAgent(agent: string, rewards: ReturnType<typeof rewardsOf>): AgentPlan {
  const tasks = clusterCount(rewards);
  const repeats = rewards.values.length / tasks;
  const interval = meanInterval(rewards);
  const parts = tasks < 2 ? null : varianceComponents(rewards);
  const varied = parts !== null && parts.between + (parts.within ?? 0) > 0;
  const halves = varied ? halving(parts, tasks, repeats) : null;
  // The forecast starts from the interval that is observed: for shares that is Wilson's, which differs a little from
  // the one that the variance components give.
  const observed = interval === null ? null : (interval.high - interval.low) / 2;
  const expected = varied && observed !== null ? expectedHalfWidth(parts, tasks, repeats) : 0;
  const scale = expected > 0 ? observed! / expected : 1;
  const steps = [1, 2, 4, 8, 16].map((factor) => Math.max(1, Math.round(repeats)) * factor);
  return {
    agent,
    tasks,
    repeats,
    mean: meanOf(rewards),
    half_width: observed,
    components: parts,
    repeats_to_halve: parts?.within === null ? null : (halves?.repeats ?? null),
    tasks_to_halve: halves?.tasks ?? null,
    options:
      varied && parts.within !== null
        ? steps.map((step) => ({ repeats: step, half_width: scale * expectedHalfWidth(parts, tasks, step) }))
        : [],
  };
}

function advice(plan: AgentPlan): string {
  const { agent, components: parts, repeats_to_halve: repeats, tasks_to_halve: tasks } = plan;
  if (parts === null) return `${agent}: with one task, nothing can be said about others.`;
  if (tasks === null) return `${agent}: all rewards are equal; more rollouts may change that.`;
  const more = `${whole(tasks)} tasks instead of ${whole(plan.tasks)} would halve the interval`;
  if (parts.within === null) {
    return `${agent}: ${more}. What repeats would do cannot be told without any: run with +num_repeats=2 first.`;
  }
  if (repeats === null) {
    return `${agent}: no number of repeats halves the interval, because tasks differ more than repeats do; ${more}.`;
  }
  return `${agent}: ${whole(repeats)} repeats per task instead of ${decimal(plan.repeats, 1)} would halve the interval; so would ${whole(tasks)} tasks with the present repeats.`;
}

function planBlocks(plans: readonly AgentPlan[]): Block[] {
  const rows = plans.flatMap(({ agent, options }) =>
    options.map(({ repeats, half_width }) => [agent, whole(repeats), `± ${decimal(half_width)}`]),
  );
  return [
    { type: 'heading', text: 'How sure is the mean' },
    table(
      [left('agent'), ...['tasks', 'repeats', 'mean reward', '95% interval'].map(right)],
      plans.map((plan) => [
        plan.agent,
        whole(plan.tasks),
        decimal(plan.repeats, 1),
        decimal(plan.mean),
        plan.half_width === null ? '–' : `± ${decimal(plan.half_width)}`,
      ]),
    ),
    { type: 'list', items: plans.map(advice) },
    ...(rows.length === 0
      ? []
      : [table([left('agent'), right('repeats per task'), right('expected 95% interval')], rows)]),
  ];
}

/** How many more repeats or tasks would halve the interval of the mean, from what is stored. Throws NgError. */
export async function planRepeats(options: PlanOptions): Promise<{ plans: AgentPlan[]; text: string }> {
  const run = await loadRun(options.rollouts);
  const plans = agentNames(run)
    .map((agent) => [agent, rewardsOf(select(run, { agent }))] as const)
    .filter(([, rewards]) => rewards.values.length > 0)
    .map(([agent, rewards]) => planAgent(agent, rewards));
  const blocks = planBlocks(plans);
  const formats = {
    text: () => toText(blocks, options.color),
    markdown: () => toMarkdown(blocks),
    json: () => `${JSON.stringify(plans, null, 2)}\n`,
  };
  return { plans, text: formats[options.format ?? 'text']() };
}
