import path from 'node:path';
import type { ResolvedConfig } from '../config/index.js';
import type { Graph, GraphServices, Hosted, HostServers } from '../graph/index.js';
import { isForeign, withReferences } from '../graph/index.js';
import type { Agent, Clock, Episode, Outcome, TaskRow } from '../protocol/index.js';

/** How long sockets, files and processes may take to close. Unit: milliseconds. */
export const CLOSE_MS = 1500;

interface Place {
  cwd: string;
  env?: Readonly<Record<string, string | undefined>>;
  host?: HostServers;
  signals?: { drain?: AbortSignal; abort?: AbortSignal };
}

/**
 * Starts what the named servers need of programs that are not built in; undefined where they need none. What they print
 * goes to files in `<stem>_servers`, beside the output.
 */
export async function hostFor(
  resolved: ResolvedConfig,
  names: readonly string[],
  services: Omit<GraphServices, 'agents'>,
  { cwd, env = process.env, host, signals }: Place,
  output: string,
): Promise<Hosted | undefined> {
  const foreign = withReferences(resolved, names).some((server) => isForeign(server, resolved));
  if (!foreign || host === undefined) return undefined;
  const { dir, name } = path.parse(output);
  return host(resolved, names, {
    ...services,
    logs: path.join(dir, `${name}_servers`),
    env,
    cwd,
    signal: signals?.drain,
  });
}

/** How often one episode is played again because a process that it needed had died. */
const MOST_AGAIN = 3;
/** A process may be seen to have died a moment after its connection broke. Unit: milliseconds. */
const NOTICED_MS = 250;

/**
 * The same parts, with agents that play an episode again when it failed while one of the processes died: that says
 * nothing of the model. Any other failure stays what it is.
 */
export function playingAgain(graph: Graph, hosted: Hosted, clock: Clock): Graph {
  const wrap = (agent: Agent): Agent =>
    Object.create(agent, {
      run: { value: (row: TaskRow, episode: Episode) => again(agent, hosted, clock, row, episode) },
    }) as Agent;
  return {
    ...graph,
    cast: (name) => {
      const cast = graph.cast(name);
      return { ...cast, agent: wrap(cast.agent) };
    },
  };
}

async function again(
  agent: Agent,
  hosted: Hosted,
  clock: Clock,
  row: TaskRow,
  episode: Episode,
): Promise<Outcome> {
  const { call } = episode;
  for (let tries = 1; ; tries += 1) {
    const before = hosted.deaths();
    const outcome = await agent.run(row, episode);
    if (outcome.status !== 'failed' || !outcome.retryable || tries > MOST_AGAIN) return outcome;
    const resume = call.pause?.();
    try {
      await clock.sleep(NOTICED_MS, call.signal);
      if (hosted.deaths() === before) return outcome;
      await hosted.settled(call.signal);
    } catch {
      return outcome;
    } finally {
      resume?.();
    }
  }
}
