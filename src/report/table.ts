import path from 'node:path';
import type { AgentSummary, Balance, RunSummary } from '../rollouts/index.js';
import { count, decimal, dollars, duration, percent, whole } from './text/format.js';
import { grid, gridWidth, type GridColumn } from './text/grid.js';
import { paint, type Paint } from './text/paint.js';

export interface SummaryOptions {
  /** Characters per line; a wider table becomes one block per agent. */
  width: number;
  color: boolean;
  /** Folder from which file names are shown; absolute names when absent. */
  cwd?: string | undefined;
}

const STATUS = {
  complete: { text: 'Complete', style: 'green' },
  incomplete: { text: 'Incomplete', style: 'yellow' },
  interrupted: { text: 'Interrupted', style: 'red' },
} as const;

/** Which k to show: powers of two and the largest. */
function shownK(agents: readonly AgentSummary[]): number[] {
  const all = [...new Set(agents.flatMap((agent) => Object.keys(agent.passAtK).map(Number)))];
  const largest = Math.max(0, ...all);
  return all.filter((k) => k === largest || Number.isInteger(Math.log2(k))).sort((a, b) => a - b);
}

function balanceLine(balance: Balance): string {
  const parts = (['scored', 'failed', 'masked', 'cancelled', 'owed'] as const)
    .filter((name) => name === 'scored' || balance[name] > 0)
    .map((name) => `${whole(balance[name])} ${name}`);
  return `${count(balance.planned, 'rollout')} planned = ${parts.join(' + ')}`;
}

function agentTable(agents: readonly AgentSummary[]): { columns: GridColumn[]; rows: string[][] } {
  const ks = shownK(agents);
  const right = (title: string): GridColumn => ({ title, align: 'right' });
  // Where no price is known at all, a column of dashes would say nothing.
  const priced = agents.some((agent) => typeof agent.costUsd === 'number');
  const masked = agents.some((agent) => agent.masked > 0);
  return {
    columns: [
      { title: 'agent', align: 'left' },
      ...['planned', 'scored', 'failed', ...(masked ? ['masked'] : []), 'coverage', 'mean reward'].map(right),
      ...ks.map((k) => right(`pass@${k}`)),
      right('tokens in'),
      right('tokens out'),
      ...(priced ? [right('cost')] : []),
    ],
    rows: agents.map((agent) => [
      agent.agent,
      whole(agent.planned),
      whole(agent.scored),
      whole(agent.failed),
      ...(masked ? [whole(agent.masked)] : []),
      percent(agent.coverage),
      decimal(agent.meanReward),
      ...ks.map((k) => percent(agent.passAtK[String(k)] ?? null)),
      whole(agent.tokens.input),
      whole(agent.tokens.output),
      ...(priced ? [dollars(agent.costUsd ?? null)] : []),
    ]),
  };
}

function agentLines(agents: readonly AgentSummary[], options: SummaryOptions, style: Paint): string[] {
  const { columns, rows } = agentTable(agents);
  if (gridWidth(columns, rows) <= options.width) {
    const { header, lines } = grid(columns, rows);
    return [style.bold(header), ...lines];
  }
  const wide = Math.max(...columns.map(({ title }) => title.length));
  return rows.flatMap((row, i) => [
    ...(i === 0 ? [] : ['']),
    style.bold(row[0]!),
    ...row.slice(1).map((text, j) => `  ${columns[j + 1]!.title.padEnd(wide)}  ${text}`),
  ]);
}

/** Where the mean over rollouts stands beside pass@k over tasks, and the two weigh tasks differently. */
function meanLines(agents: readonly AgentSummary[], style: Paint): string[] {
  const differing = agents.filter(
    ({ passAtK, meanReward, meanOverTasks }) =>
      Object.keys(passAtK).length > 0 &&
      typeof meanOverTasks === 'number' &&
      decimal(meanOverTasks) !== decimal(meanReward),
  );
  if (differing.length === 0) return [];
  const means = differing.map(({ agent, meanOverTasks }) => `${agent} ${decimal(meanOverTasks!)}`).join(', ');
  return [
    style.dim(
      `Mean reward is over rollouts, pass@k over tasks, and tasks have different numbers of rewards. Mean over tasks: ${means}.`,
    ),
  ];
}

/** What judges used is not the policy's: a line of its own. */
function judgeLines(agents: readonly AgentSummary[]): string[] {
  return agents.flatMap(({ agent, judges }) => {
    if (judges === undefined) return [];
    const { calls, tokens, costUsd } = judges;
    const cost = costUsd === null ? '' : `, ${dollars(costUsd)}`;
    const used = `${whole(tokens.input)} tokens in, ${whole(tokens.output)} out${cost}`;
    return [`Judges of ${agent}: ${count(calls, 'reply', 'replies')}, ${used}`];
  });
}

function failureLines(agents: readonly AgentSummary[], style: Paint): string[] {
  const total = new Map<string, number>();
  for (const agent of agents) {
    for (const [kind, n] of Object.entries(agent.failures)) total.set(kind, (total.get(kind) ?? 0) + n);
  }
  if (total.size === 0) return [];
  const rows = [...total]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([kind, n]) => [kind, whole(n)]);
  const { lines } = grid(
    [
      { title: '', align: 'left' },
      { title: '', align: 'right' },
    ],
    rows,
  );
  return ['', style.bold('Failures'), ...lines.map((line) => `  ${style.red(line)}`)];
}

function fileLines(summary: RunSummary, options: SummaryOptions, style: Paint): string[] {
  const { files } = summary;
  const shown: [string, string][] = [
    ['rollouts', files.rollouts],
    ['metrics', files.aggregateMetrics],
    ['inputs', files.materializedInputs],
    ['manifest', files.manifest],
  ];
  if (summary.balance.failed > 0) shown.splice(1, 0, ['failures', files.failures]);
  const name = (file: string): string => {
    const relative = options.cwd === undefined ? file : path.relative(options.cwd, file);
    return relative.startsWith('..') ? file : relative;
  };
  return ['', style.bold('Files'), ...shown.map(([label, file]) => `  ${label.padEnd(10)}${name(file)}`)];
}

/**
 * What a run's end looks like on a terminal: status and balance, a table per agent with coverage, mean reward,
 * pass@k where tasks have repeats and tokens, failures by kind, the files, the next step. Ends with a line feed.
 */
export function renderSummary(summary: RunSummary, options: SummaryOptions): string {
  const style = paint(options.color);
  const { text, style: tone } = STATUS[summary.status];
  const lines = [
    `${style[tone](style.bold(text))} in ${duration(summary.elapsedMs)}: ${balanceLine(summary.balance)}`,
    ...(summary.stopped === undefined ? [] : [`Stopped: ${summary.stopped}`]),
    '',
    ...agentLines(summary.agents, options, style),
    ...meanLines(summary.agents, style),
    ...judgeLines(summary.agents),
    ...failureLines(summary.agents, style),
    ...fileLines(summary, options, style),
  ];
  if (summary.next !== '') lines.push('', `${style.bold('Next')}  ${summary.next}`);
  return `${lines.join('\n')}\n`;
}
