import { spreadOf, type Spread } from '../../metrics/index.js';
import {
  agentNames,
  commonestMessages,
  countState,
  countWords,
  measured,
  rewardsOf,
  select,
  valuesOf,
  type Group,
} from '../run/group.js';
import type { StoredRun } from '../run/stored-run.js';
import { meanOverTasks, meansNotice } from './means.js';
import { filled, meanEstimate, mixedTasks, passCurves, type AtK, type Estimate } from './estimates.js';
import { majorityAtK } from './majority.js';

/** Numbers of some rollouts. Counts in rollouts unless said; rewards and shares as they are, not in percent. */
export interface GroupReport {
  planned: number;
  scored: number;
  failed: number;
  masked: number;
  owed: number;
  /** Share of the planned rollouts that are scored, 0 to 1; null when none are planned. */
  coverage: number | null;
  /** Tasks with at least one reward, and those of them whose rewards differ between repeats. */
  tasks: number;
  mixed_tasks: number;
  /** Mean over rollouts. */
  reward: Estimate | null;
  /** Mean over tasks of the mean reward of each; differs from `reward` when tasks have different numbers of rewards. */
  reward_over_tasks: number | null;
  /** Where tasks have repeats. */
  pass_at_k: AtK[];
  /** All of k right; for right-or-wrong rewards. */
  pass_power_k: AtK[];
  /** Most common answer of the first k, where rows have an `extracted_answer`. */
  majority_at_k: { k: number; value: number }[];
  input_tokens: Spread | null;
  output_tokens: Spread | null;
  /** Milliseconds. */
  latency_ms: Spread | null;
  /** US dollars; rollouts of unknown cost are not in it. */
  cost_usd: Spread | null;
  /** Of the judges, apart from the policy's. */
  judge_tokens: Spread | null;
  judge_cost_usd: Spread | null;
  /** Failed and masked rollouts by kind, scored ones by how they ended. */
  failures: Record<string, number>;
  /** Per kind of failure what most of its rollouts say, and how many do. */
  failure_messages: Record<string, { message: string; rollouts: number }>;
  masked_kinds: Record<string, number>;
  stop_reasons: Record<string, number>;
}

export interface SubsetReport extends GroupReport {
  field: string;
  value: string;
}

export interface AgentReport extends GroupReport {
  agent: string;
  subsets: SubsetReport[];
}

/** Everything that a report says of a run: a pure function of its stored rows. */
export interface RunReport {
  report_version: 1;
  status: 'complete' | 'incomplete';
  balance: { planned: number; scored: number; failed: number; masked: number; owed: number };
  agents: AgentReport[];
  /** What the reader should know before trusting the numbers. */
  notices: string[];
}

export function describeGroup(group: Group): GroupReport {
  const rewards = filled(group);
  const planned = group.rows.length;
  const scored = countState(group, 'scored');
  const curves = passCurves(rewards);
  return {
    planned,
    scored,
    failed: countState(group, 'failed'),
    masked: countState(group, 'masked'),
    owed: countState(group, 'owed'),
    coverage: planned === 0 ? null : scored / planned,
    tasks: rewards.known.starts.length - 1,
    mixed_tasks: mixedTasks(rewards.known),
    reward: meanEstimate(rewards),
    reward_over_tasks: meanOverTasks(rewards.known),
    pass_at_k: curves.passAtK,
    pass_power_k: curves.passPowerK,
    majority_at_k: majorityAtK(group, rewardsOf(group)),
    input_tokens: spreadOf(measured(group, 'input')),
    output_tokens: spreadOf(measured(group, 'output')),
    latency_ms: spreadOf(measured(group, 'duration')),
    cost_usd: spreadOf(measured(group, 'cost')),
    judge_tokens: spreadOf(measured(group, 'judgeTokens')),
    judge_cost_usd: spreadOf(measured(group, 'judgeCost')),
    failures: countWords(group, 'kind', 'failed'),
    failure_messages: commonestMessages(group),
    masked_kinds: countWords(group, 'kind', 'masked'),
    stop_reasons: countWords(group, 'stop', 'scored'),
  };
}

/** What has to be said of an agent's numbers. */
function noticesOf(run: StoredRun, { agent, reward, failed, owed }: AgentReport): string[] {
  const rewards = rewardsOf(select(run, { agent }));
  const notices = [meansNotice(rewards, failed + owed)];
  if (reward?.interval === null && rewards.values.length > 1) {
    notices.push('no interval: rewards do not vary, and nothing says what range they have.');
  }
  if (reward?.interval?.method === 'all-equal') {
    notices.push('all tasks have the same mean: the interval says only how often others could differ.');
  }
  const name = agent === '' ? '' : `${agent}: `;
  return notices.flatMap((notice) => (notice === null ? [] : name + notice));
}

/** The numbers of a run, with a table per field that it was loaded `by`. */
export function describeRun(run: StoredRun): RunReport {
  const all = select(run, {});
  const count = (state: Parameters<typeof countState>[1]): number => countState(all, state);
  const balance = {
    planned: run.size,
    scored: count('scored'),
    failed: count('failed'),
    masked: count('masked'),
    owed: count('owed'),
  };
  const agents = agentNames(run).map((agent): AgentReport => {
    const group = select(run, { agent });
    const subsets = [...run.fields.keys()].flatMap((field) =>
      valuesOf(group, field).map((value) => ({
        field,
        value,
        ...describeGroup(select(run, { agent, where: { [field]: value } })),
      })),
    );
    return { agent, ...describeGroup(group), subsets };
  });
  return {
    report_version: 1,
    status: balance.failed + balance.owed === 0 ? 'complete' : 'incomplete',
    balance,
    agents,
    notices: [...run.notices, ...agents.flatMap((agent) => noticesOf(run, agent))],
  };
}
