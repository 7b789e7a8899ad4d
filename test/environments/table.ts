import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { ENVIRONMENTS } from '../../src/environments/index.js';

const PAGE = path.resolve(import.meta.dirname, '../../docs/environments.md');
const BEGIN = '<!-- table of environments: made by `npm run environments-table` -->';
const END = '<!-- end of the table -->';

/** What is measured of an environment; null where nothing can be measured. */
export interface Measured {
  /** `equal / all`. */
  cases: string | null;
  rollouts: string | null;
  /** CPU of a session with its verdict. */
  cost: string | null;
}

export interface TableRow extends Measured {
  name: string;
  runs: string;
  agent: string;
  judge: string;
}

const TITLES = ['name', 'runs', 'agent', 'judge', 'cases equal', 'recorded rollouts', 'CPU per verification'];

interface Blocks {
  resources_servers?: Record<string, Record<string, unknown>>;
  responses_api_agents?: Record<string, unknown>;
}

function refersToModel(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return (
    (value as { type?: unknown }).type === 'responses_api_models' || Object.values(value).some(refersToModel)
  );
}

/** What an environment's own configuration says. */
export function described(name: string): Pick<TableRow, 'name' | 'runs' | 'agent' | 'judge'> {
  const file = `../../configs/resources_servers/${name}/configs/${name}.yaml`;
  const blocks = Object.values(
    parse(readFileSync(path.join(import.meta.dirname, file), 'utf8')) as Record<string, Blocks | null>,
  ).filter((block): block is Blocks => typeof block === 'object' && block !== null);
  const servers = blocks.flatMap(({ resources_servers: found = {} }) => Object.values(found));
  const agents = blocks.flatMap(({ responses_api_agents: found = {} }) => Object.keys(found));
  const readme = readFileSync(
    path.join(import.meta.dirname, `../../src/environments/catalogue/${name}/README.md`),
    'utf8',
  );
  return {
    name,
    // Rows that only Python's libraries can grade fail, or are handed to a program.
    runs: readme.includes('verify_unavailable') ? 'native, some rows need Python' : 'native',
    agent: [...new Set(agents)].join(', '),
    judge: servers.some(refersToModel) ? 'yes' : '',
  };
}

export const NAMES = Object.keys(ENVIRONMENTS).sort();

const link = (name: string): string => `[\`${name}\`](../src/environments/catalogue/${name}/README.md)`;

function textOf(rows: readonly TableRow[]): string {
  const lines = rows.map(({ name, runs, agent, judge, cases, rollouts, cost }) =>
    [
      link(name),
      runs,
      `\`${agent.replaceAll(', ', '`, `')}\``,
      judge,
      cases ?? '–',
      rollouts ?? '–',
      cost ?? '–',
    ].join(' | '),
  );
  return [TITLES.join(' | '), TITLES.map(() => '---').join(' | '), ...lines]
    .map((line) => `| ${line} |`)
    .join('\n');
}

/** The page with this table in it. */
export function writeTable(rows: readonly TableRow[]): void {
  const page = readFileSync(PAGE, 'utf8');
  const [before, rest] = page.split(BEGIN) as [string, string];
  const after = rest.slice(rest.indexOf(END) + END.length);
  writeFileSync(PAGE, `${before}${BEGIN}\n\n${textOf(rows)}\n\n${END}${after}`);
}

/** What the page says. */
export function readTable(): TableRow[] {
  const page = readFileSync(PAGE, 'utf8');
  const lines = page
    .slice(page.indexOf(BEGIN), page.indexOf(END))
    .split('\n')
    .filter((line) => line.startsWith('| ['));
  return lines.map((line) => {
    const cells = line.slice(2, -2).split(' | ');
    const known = (cell: string): string | null => (cell === '–' ? null : cell);
    return {
      name: /`(\w+)`/.exec(cells[0]!)![1]!,
      runs: cells[1]!,
      agent: cells[2]!.replaceAll('`', ''),
      judge: cells[3]!.trim(),
      cases: known(cells[4]!),
      rollouts: known(cells[5]!),
      cost: known(cells[6]!),
    };
  });
}
