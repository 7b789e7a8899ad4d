import { LEAST_PAIRED_TASKS, smallestPermutationP } from '../../metrics/index.js';
import { left, right, table, type Block } from '../formats/document.js';
import { boundsText, intervalText } from '../formats/estimate-text.js';
import { count, decimal, whole } from '../text/format.js';
import type { AgentComparison, ComparedRuns } from './compare-runs.js';
import type { Comparison } from './comparison.js';
import type { Flip, FlipSide } from './flips.js';

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${decimal(value)}`;
}

function pText(p: number): string {
  return p < 0.0001 ? '<0.0001' : p.toFixed(4);
}

function short(text: string, most = 40): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
}

function overview(agents: readonly AgentComparison[]): Block {
  const titles = [
    'tasks',
    'first',
    'second',
    'difference',
    '95% interval',
    'if missing were 0 or 1',
    'improved',
    'regressed',
  ];
  return table(
    [left('agent'), ...titles.map(right)],
    agents.map(({ agent, comparison: c }) => [
      agent,
      whole(c.tasks),
      decimal(c.first),
      decimal(c.second),
      signed(c.difference),
      intervalText(c.interval),
      boundsText({ value: c.difference, interval: null, bounds: c.bounds }),
      whole(c.improved),
      whole(c.regressed),
    ]),
  );
}

/** What the test can find at this size. */
function sizeText({ tasks, improved, regressed, detectable, verdict }: Comparison): string {
  if (verdict === 'too few tasks') {
    const least = pText(smallestPermutationP(tasks));
    return ` With ${count(tasks, 'task')} this test can find nothing: its p cannot be below ${least}. It needs at least ${LEAST_PAIRED_TASKS} tasks.`;
  }
  const differ = improved + regressed;
  const few =
    verdict === 'no difference found' && differ < LEAST_PAIRED_TASKS
      ? ` Only ${differ} of ${tasks} tasks differ; fewer than ${LEAST_PAIRED_TASKS} cannot show a difference.`
      : '';
  if (detectable === null) return few;
  return `${few} With ${tasks} tasks, a difference of ${decimal(detectable)} would be found four times in five.`;
}

/** Where the interval, or its absence, comes from tasks that all differ by the same. */
function equalText({ tasks, interval }: Comparison): string {
  if (tasks < 2) return ' One task tells nothing about others: there is no interval.';
  if (interval === null)
    return ' All tasks differ by the same, and rewards beyond 0 to 1: there is no interval.';
  if (interval.method !== 'all-equal') return '';
  return ' All tasks differ by the same: the interval says only how often others could differ otherwise.';
}

function verdictText({ agent, comparison: c }: AgentComparison): string {
  const { sign, permutation } = c.tests;
  const tests = `permutation p = ${pText(permutation.p)}${permutation.exact ? ' (exact)' : ''}, ${sign.name} p = ${pText(sign.p)}`;
  const verdict =
    c.verdict === 'higher' || c.verdict === 'lower' ? `the second run is ${c.verdict}` : c.verdict;
  const unpaired =
    c.unpaired_tasks === 0 ? '' : ` Without a reward in one of the runs: ${count(c.unpaired_tasks, 'task')}.`;
  return `${agent}: ${verdict}: ${tests}.${sizeText(c)}${equalText(c)}${unpaired}`;
}

function sideText(name: string, side: FlipSide): string {
  const answer = side.answer === null ? '' : `, answer ${side.answer}`;
  return `${name} (task ${side.task}, rollout ${side.rollout}, reward ${side.reward}${answer})\n${side.text}`;
}

function flipBlocks(flips: readonly Flip[], total: number): Block[] {
  if (flips.length === 0) return [];
  const shown = flips.length < total ? `, the ${flips.length} largest` : '';
  const told = (side: FlipSide): string => short(side.answer ?? side.text);
  return [
    { type: 'heading', text: `Changed tasks (${whole(total)}${shown})` },
    table(
      [
        right('task'),
        right('first'),
        right('second'),
        right('change'),
        left('answer in the first'),
        left('answer in the second'),
      ],
      flips.map(({ first, second, difference }) => [
        String(first.task),
        decimal(first.mean, 2),
        decimal(second.mean, 2),
        signed(difference),
        told(first),
        told(second),
      ]),
    ),
  ];
}

/** Both answers of each changed task in full; for Markdown, where they fold away. */
export function flipDetails({ agents }: ComparedRuns): Block[] {
  return agents.flatMap(({ flips }) =>
    flips.map((flip): Block => {
      const { first, second } = flip;
      return {
        type: 'details',
        summary: `task ${first.task}: ${decimal(first.mean, 2)} → ${decimal(second.mean, 2)}`,
        text: `${sideText('first', first)}\n\n${sideText('second', second)}`,
      };
    }),
  );
}

/** A comparison as blocks. */
export function compareBlocks(compared: ComparedRuns): Block[] {
  return [
    { type: 'heading', text: 'Comparison (second minus first, paired by task; means over tasks)' },
    overview(compared.agents),
    { type: 'list', items: compared.agents.map(verdictText) },
    ...compared.agents.flatMap(({ flips, comparison: c }) => flipBlocks(flips, c.improved + c.regressed)),
    ...(compared.notices.length === 0 ? [] : [{ type: 'list', items: compared.notices } as const]),
  ];
}
