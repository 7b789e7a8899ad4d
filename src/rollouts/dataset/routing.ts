import type { Member } from '../text/json-text.js';
import { objectText, setMember } from '../text/json-text.js';
import { RowProblem } from './row-problem.js';

/** The key of `agent_map` that stands for every row without an entry of its own. */
export const DEFAULT_ROUTE = '_default';

/** Who plays which rows. A row routes by the name in its `agent_ref`, else by its `task_source`. */
export interface Routing {
  /** The new agent by the old one, or by source; `_default` = of all other rows. null = as the rows say. */
  agentMap: Readonly<Record<string, string>> | null;
  /** All agents that play the rows of an agent or source, each its own copies. */
  fanOut: Readonly<Record<string, readonly string[]>> | null;
  /** The agent of rows that name a source only. Throws {@link RowProblem}. */
  agentOfSource: (source: string) => string;
}

/** What `agent_name` and `agent_map` come to: the first is short for the default of the second. */
export function agentMapOf(
  agentName: string | null,
  agentMap: Routing['agentMap'],
): Readonly<Record<string, string>> | null {
  return agentName === null ? agentMap : { ...agentMap, [DEFAULT_ROUTE]: agentName };
}

/** All agents that can play, if rows name none but `named`; null = only the rows know. */
export function playingAgents(
  { agentMap, fanOut }: Omit<Routing, 'agentOfSource'>,
  named: ReadonlySet<string> | null,
): ReadonlySet<string> | null {
  const fallback = agentMap?.[DEFAULT_ROUTE];
  if (fallback === undefined && named === null) return null;
  const others = fallback === undefined ? named! : [];
  return new Set([...others, ...Object.values(agentMap ?? {}), ...Object.values(fanOut ?? {}).flat()]);
}

/** One agent that plays a row. */
export interface Target {
  agent: string;
  /** What its number of repeats may be asked for: the agent that plays, then the name that the row routes by. */
  repeatKeys: readonly string[];
  /** Where the row has to be told: it names this agent already; before its rollout index; after it. */
  stamp: 'there' | 'before' | 'after';
}

const rawOf = (row: readonly Member[], key: string): string | undefined =>
  row.find((member) => member.key === key)?.raw;

function nameIn(row: readonly Member[]): string | null {
  const raw = rawOf(row, 'agent_ref') ?? 'null';
  const value: unknown = JSON.parse(raw);
  if (value === null) return null;
  if (typeof value !== 'object' || Array.isArray(value)) throw new RowProblem('"agent_ref" is not an object');
  const { name = null } = value as { name?: unknown };
  if (name === null || typeof name === 'string') return name;
  throw new RowProblem('"agent_ref.name" is not text');
}

function sourceIn(row: readonly Member[]): string | null {
  const value: unknown = JSON.parse(rawOf(row, 'task_source') ?? 'null');
  if (value === null || typeof value === 'string') return value;
  throw new RowProblem('"task_source" is not text');
}

/** Makes a row name its agent, and nothing else of it. */
export function nameAgent(row: Member[], agent: string): void {
  setMember(row, 'agent_ref', objectText([{ key: 'name', raw: JSON.stringify(agent) }]));
}

/** Decides row by row who plays, as 0.7.0 does; remembers what is worth telling. */
export class Router {
  /** Names that rows route by, as they are written there. */
  readonly named = new Set<string>();
  /** Rows that are played by another agent than they name, by `<named> → <played>`. */
  readonly rerouted = new Map<string, number>();

  constructor(private readonly routing: Routing) {}

  /** The agents that play the row, at least one; a row that is mapped to another agent is made to name it. */
  route(row: Member[]): Target[] {
    const { fanOut, agentOfSource } = this.routing;
    const written = nameIn(row);
    const source = sourceIn(row);
    const basis = written ?? source;
    for (const name of [written, source]) if (name !== null) this.named.add(name);
    const agent = this.mapped(row, written, source) ?? written;
    const keys = (target: string): string[] => [target, ...(basis === null ? [] : [basis])];
    if (fanOut !== null && basis !== null && Object.hasOwn(fanOut, basis)) {
      return fanOut[basis]!.map((target) => {
        return { agent: target, repeatKeys: keys(target), stamp: target === agent ? 'there' : 'before' };
      });
    }
    if (agent !== null) return [{ agent, repeatKeys: keys(agent), stamp: 'there' }];
    if (source !== null) return [{ agent: agentOfSource(source), repeatKeys: [source], stamp: 'after' }];
    throw new RowProblem('no "agent_ref" and no "task_source", and no default agent was given (--agent)');
  }

  /** The agent that `agent_map` gives the row: by its agent, by its source, else the default. */
  private mapped(row: Member[], written: string | null, source: string | null): string | null {
    const { agentMap } = this.routing;
    if (agentMap === null) return null;
    const key = [written, source, DEFAULT_ROUTE].find(
      (name) => name !== null && Object.hasOwn(agentMap, name),
    );
    if (key === undefined || key === null) return null;
    const agent = agentMap[key]!;
    if (written !== null && written !== agent) {
      const change = `${written} → ${agent}`;
      this.rerouted.set(change, (this.rerouted.get(change) ?? 0) + 1);
    }
    nameAgent(row, agent);
    return agent;
  }
}
