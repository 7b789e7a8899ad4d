import type { ResolvedConfig } from '../config/index.js';
import type { PlatformLookup } from '../models/index.js';
import type { Agent, Clock, Environment, Json, Model, Reach } from '../protocol/index.js';
import type { Notify, OutagePolicy, Redactor, RetryBudget, Step } from '../transport/index.js';

/** What the outside gives to every part. */
export interface GraphServices {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Names of the agents that will play; only they, and what they refer to, are created. */
  readonly agents: readonly string[];
  readonly redactor: Redactor;
  readonly notify?: Notify;
  /** Makes the allowance of second attempts of one endpoint. */
  readonly newRetryBudget?: () => RetryBudget;
  /** What becomes of requests while what they need cannot be reached. Absent: they are sent all the same. */
  readonly outage?: OutagePolicy;
  /** Nothing is going to be played: environments are made for the metrics of what is stored. */
  readonly stored?: boolean;
  /** Records every exchange with a provider, or answers it from a recording. */
  readonly tape?: Step;
  /** Told of each reply of a model: its identifier, and its `usage` in the words of Responses, null where it did not say. */
  readonly onUsed?: (model: string, usage: Json) => void;
  /** Finds the providers and virtual models that blocks name. Absent: such blocks are refused. */
  readonly platform?: PlatformLookup;
}

/** An agent with the model and the environment that its block refers to. */
export interface Cast {
  readonly agent: Agent;
  readonly model: Model;
  readonly environment: Environment;
}

/** The parts of a run, ready. */
export interface Graph {
  /** By agent name; only for the agents that were asked for. */
  cast(agent: string): Cast;
  /** Every model that is asked in this process, judges among them. */
  readonly models: readonly Model[];
  /** Everything that is reached over the network, by the name of its server. */
  readonly reaches: ReadonlyMap<string, Reach>;
  /** Names of all server instances that take part, in the configuration's order. */
  readonly servers: readonly string[];
  /** Things worth telling: misspelt keys. */
  readonly warnings: readonly string[];
  /** Releases sockets and timers of every part; safe to call twice. */
  close(): Promise<void>;
}

/** Every part of a configuration, for serving. */
export interface Parts {
  /** By server name, in the configuration's order; without those that run elsewhere. */
  readonly models: ReadonlyMap<string, Model>;
  readonly environments: ReadonlyMap<string, Environment>;
  readonly casts: ReadonlyMap<string, Cast>;
  readonly warnings: readonly string[];
  /** Releases sockets and timers of every part; safe to call twice. */
  close(): Promise<void>;
}

/** Where processes of a run are started, and what is told of them. */
export interface HostOptions extends Omit<GraphServices, 'agents'> {
  /** Folder of their logs; made when it is needed. */
  readonly logs: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborted: nobody waits for them any more, and what was started is ended. */
  readonly signal?: AbortSignal | undefined;
}

/** The programs that a run needs beside this one, running. */
export interface Hosted {
  /** The configuration with each of them where it answers. */
  readonly resolved: ResolvedConfig;
  /** Models that they ask by way of this program; {@link GraphServices.onUsed} tells of each reply. */
  readonly models: readonly Model[];
  /** Agents among them whose every model is one of these, with its identifier; empty where there are several. */
  readonly agents: ReadonlyMap<string, string>;
  /** How often one of them has died so far. */
  deaths(): number;
  /** Resolves when each of them can be used, or is given up. */
  settled(signal: AbortSignal): Promise<void>;
  /** Lets them finish for so long, then ends them. Safe to call twice. Unit: milliseconds. */
  close(graceMs: number): Promise<void>;
}

/**
 * Starts what the named agents need of programs that are not built in, and serves them the parts that they refer to.
 * Resolves when all can be used, or the signal aborts. Throws NgError; nothing is left running then.
 */
export type HostServers = (
  resolved: ResolvedConfig,
  agents: readonly string[],
  options: HostOptions,
) => Promise<Hosted>;
