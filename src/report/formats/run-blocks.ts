import type { Spread } from '../../metrics/index.js';
import type { AgentReport, GroupReport, RunReport } from '../numbers/run-report.js';
import { count, decimal, duration, percent, whole } from '../text/format.js';
import { left, right, table, type Block } from './document.js';
import { boundsText, intervalText } from './estimate-text.js';

function groupRow(name: string, group: GroupReport): string[] {
  const { reward } = group;
  return [
    name,
    whole(group.planned),
    whole(group.scored),
    group.failed === 0 ? '' : whole(group.failed),
    group.masked === 0 ? '' : whole(group.masked),
    group.owed === 0 ? '' : whole(group.owed),
    percent(group.coverage),
    decimal(reward?.value ?? null),
    intervalText(reward?.interval ?? null),
    reward === null ? '–' : boundsText(reward),
  ];
}

const GROUP_COLUMNS = ['planned', 'scored', 'failed', 'masked', 'owed', 'coverage', 'mean reward'].map(right);
const MORE_COLUMNS = [right('95% interval'), right('if missing were 0 or 1')];

function groupTable(title: string, groups: readonly [string, GroupReport][]): Block {
  return table(
    [left(title), ...GROUP_COLUMNS, ...MORE_COLUMNS],
    groups.map(([name, group]) => groupRow(name, group)),
  );
}

function curveTable(agents: readonly AgentReport[]): Block | null {
  const rows = agents.flatMap(({ agent, pass_at_k, pass_power_k, majority_at_k }) =>
    pass_at_k.map((estimate) => {
      const { k, value, interval } = estimate;
      const all = pass_power_k.find((one) => one.k === k);
      const majority = majority_at_k.find((one) => one.k === k);
      return [
        agent,
        String(k),
        percent(value),
        interval === null ? '–' : `[${percent(interval.low)}, ${percent(interval.high)}]`,
        boundsText(estimate, percent),
        percent(all?.value ?? null),
        percent(majority?.value ?? null),
      ];
    }),
  );
  if (rows.length === 0) return null;
  const titles = [
    'k',
    'pass@k',
    '95% interval',
    'if missing were 0 or 1',
    'pass^k (all right)',
    'majority@k',
  ];
  return table([left('agent'), ...titles.map(right)], rows);
}

const dollars = (value: number): string => `$${value.toFixed(value < 1 ? 4 : 2)}`;
/** Replayed and embedded runs take milliseconds. */
const latency = (ms: number): string => (ms < 999.5 ? `${ms.toFixed(0)} ms` : duration(ms));
const QUANTITIES = [
  ['latency', 'latency_ms', latency, false],
  ['input tokens', 'input_tokens', whole, true],
  ['output tokens', 'output_tokens', whole, true],
  ['cost', 'cost_usd', dollars, true],
  ['tokens of judges', 'judge_tokens', whole, true],
  ['cost of judges', 'judge_cost_usd', dollars, true],
] as const;

function spreadRow(
  name: string,
  group: GroupReport,
  spread: Spread,
  show: (n: number) => string,
  sum: boolean,
): string[] {
  const done = group.scored + group.masked;
  return [
    name,
    show(spread.mean),
    ...[spread.p50, spread.p90, spread.p95, spread.p99, spread.max].map(show),
    sum ? show(spread.total) : '–',
    spread.count === done ? '–' : whole(done - spread.count),
  ];
}

function spreadTable(agent: AgentReport): Block | null {
  const rows = QUANTITIES.flatMap(([name, key, show, sum]) => {
    const spread = agent[key];
    return spread === null ? [] : [spreadRow(name, agent, spread, show, sum)];
  });
  if (rows.length === 0) return null;
  const titles = ['mean', 'p50', 'p90', 'p95', 'p99', 'max', 'total', 'unknown'];
  return table([left('per rollout'), ...titles.map(right)], rows);
}

function agentBlocks(agent: AgentReport, several: boolean): Block[] {
  const blocks: Block[] = [];
  const title = several ? `${agent.agent}: ` : '';
  for (const field of new Set(agent.subsets.map((subset) => subset.field))) {
    const subsets = agent.subsets.filter((subset) => subset.field === field);
    blocks.push({ type: 'heading', text: `${title}by ${field}` });
    blocks.push(
      groupTable(
        field,
        subsets.map((subset) => [subset.value, subset]),
      ),
    );
  }
  const spread = spreadTable(agent);
  if (spread !== null) blocks.push({ type: 'heading', text: `${title}resources` }, spread);
  const failures = Object.entries(agent.failures);
  if (failures.length > 0) {
    blocks.push(
      { type: 'heading', text: `${title}failures` },
      table(
        [left('kind'), right('rollouts'), left('commonest message')],
        failures.map(([kind, n]) => [kind, whole(n), messageOf(agent, kind, n)]),
      ),
    );
  }
  const endings = Object.keys(agent.stop_reasons).every((reason) => ORDINARY.has(reason))
    ? {}
    : agent.stop_reasons;
  return [
    ...blocks,
    ...countBlocks(`${title}masked`, 'kind', agent.masked_kinds),
    ...countBlocks(`${title}stop reasons`, 'scored rollouts that ended as', endings),
  ];
}

/** Endings that need no table when there are no others. */
const ORDINARY = new Set(['answered', 'single_turn', 'terminated']);

function countBlocks(heading: string, what: string, counts: Record<string, number>): Block[] {
  const rows = Object.entries(counts).map(([word, n]) => [word, whole(n)]);
  if (rows.length === 0) return [];
  return [{ type: 'heading', text: heading }, table([left(what), right('rollouts')], rows)];
}

/** What most rollouts of a kind say; how many, where it is not all of them. */
function messageOf({ failure_messages: messages }: AgentReport, kind: string, failed: number): string {
  const told = messages[kind];
  if (told === undefined) return '';
  return told.rollouts === failed ? told.message : `${told.message} (${whole(told.rollouts)})`;
}

/** `20 rollouts planned = 19 scored + 1 failed`. */
export function balanceText(balance: RunReport['balance']): string {
  const parts = (['scored', 'failed', 'masked', 'owed'] as const)
    .filter((name) => name === 'scored' || balance[name] > 0)
    .map((name) => `${whole(balance[name])} ${name}`);
  return `${count(balance.planned, 'rollout')} planned = ${parts.join(' + ')}`;
}

/** A run's report as blocks. */
export function runBlocks(report: RunReport): Block[] {
  const { agents } = report;
  const curve = curveTable(agents);
  return [
    { type: 'heading', text: report.status === 'complete' ? 'Complete' : 'Incomplete' },
    { type: 'text', text: `${balanceText(report.balance)}.` },
    groupTable(
      'agent',
      agents.map((agent) => [agent.agent, agent]),
    ),
    ...(curve === null ? [] : [{ type: 'heading', text: 'Repeats (means over tasks)' } as const, curve]),
    ...agents.flatMap((agent) => agentBlocks(agent, agents.length > 1)),
    ...(report.notices.length === 0 ? [] : [{ type: 'list', items: report.notices } as const]),
  ];
}
