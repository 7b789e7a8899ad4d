import { errors } from '../../errors/index.js';
import { meanOf } from '../../metrics/index.js';
import { toMarkdown, toText } from '../formats/document.js';
import { loadRun } from '../run/load-run.js';
import { agentNames, rewardsOf, select, type Group } from '../run/group.js';
import type { StoredRun } from '../run/stored-run.js';
import { decimal } from '../text/format.js';
import { alignTasks, type Match } from './align.js';
import { compareBlocks, flipDetails } from './compare-blocks.js';
import { compareGroups, type Comparison } from './comparison.js';
import { readFlips, type Flip } from './flips.js';

export interface AgentComparison {
  /** `name`, or `first → second` when one agent is compared with another. */
  agent: string;
  comparison: Comparison;
  flips: Flip[];
}

export interface ComparedRuns {
  comparison_version: 1;
  agents: AgentComparison[];
  notices: string[];
}

export interface CompareRunsOptions {
  /** Rollouts files: the baseline, then what is compared with it. */
  first: string;
  second: string;
  /** Default `same`. */
  match?: Match | undefined;
  /** How many changed tasks to show. Default 20. */
  flips?: number | undefined;
  /** Default `text`. */
  format?: 'text' | 'markdown' | 'json' | undefined;
  color?: boolean | undefined;
}

/** Which agent of the second run each agent of the first is compared with. */
export function pairAgents(
  a: StoredRun,
  b: StoredRun,
): { pairs: { name: string; first: string; second: string }[]; notices: string[] } {
  const [first, second] = [agentNames(a), agentNames(b)];
  if (first.length === 1 && second.length === 1) {
    const [x = '', y = ''] = [first[0], second[0]];
    return { pairs: [{ name: x === y ? x : `${x} → ${y}`, first: x, second: y }], notices: [] };
  }
  const lonely = [
    ...first.filter((name) => !second.includes(name)).map((name) => `${name} is only in the first run.`),
    ...second.filter((name) => !first.includes(name)).map((name) => `${name} is only in the second run.`),
  ];
  const shared = first.filter((name) => second.includes(name));
  return { pairs: shared.map((name) => ({ name, first: name, second: name })), notices: lonely };
}

/** A report of the same file shows the mean over rollouts: where that is another number, say both. */
function overRollouts(name: string, { first, second }: Comparison, groups: readonly Group[]): string[] {
  const [a, b] = groups.map((group) => decimal(meanOf(rewardsOf(group))));
  if (a === decimal(first) && b === decimal(second)) return [];
  return [
    `${name}: the means here are over the paired tasks; over rollouts, as a report shows them, they are ${a} and ${b}.`,
  ];
}

/** Compares two stored runs task by task. Throws NgError when their tasks differ or nothing can be paired. */
export async function compareRuns(
  options: CompareRunsOptions,
): Promise<{ compared: ComparedRuns; text: string; markdown: string }> {
  const first = await loadRun(options.first);
  const second = await loadRun(options.second);
  const aligned = await alignTasks(first, second, options.match ?? 'same');
  const { pairs, notices } = pairAgents(first, second);
  const compared: ComparedRuns = {
    comparison_version: 1,
    agents: [],
    notices: [...new Set([...aligned.notices, ...notices, ...first.notices, ...second.notices])],
  };
  for (const pair of pairs) {
    const groups = [select(first, { agent: pair.first }), select(second, { agent: pair.second })] as const;
    const found = compareGroups(aligned.pairs, ...groups);
    if (found === null) continue;
    const flips = await readFlips({ first, second }, found.tasks, options.flips ?? 20);
    compared.notices.push(...overRollouts(pair.name, found.comparison, groups));
    compared.agents.push({ agent: pair.name, comparison: found.comparison, flips });
  }
  if (compared.agents.length === 0) throw errors.compareNothingShared(options.first, options.second);
  const blocks = compareBlocks(compared);
  const markdown = toMarkdown([...blocks, ...flipDetails(compared)]);
  const formats = {
    text: () => toText(blocks, options.color),
    markdown: () => markdown,
    json: () => `${JSON.stringify(compared, null, 2)}\n`,
  };
  return { compared, text: formats[options.format ?? 'text'](), markdown };
}
