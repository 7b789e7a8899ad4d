import type { Call, Clock, Environment, JsonObject, Model, ReverifyMode } from '../../protocol/index.js';
import { NOTE_KEYS, SERVING_KEYS } from '../../protocol/index.js';
import type { OutagePolicy } from '../../transport/index.js';

/** What the outside gives every environment: time, randomness and, where it asks a judge, models. */
export interface EnvironmentServices {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  random(): number;
  /** What becomes of requests while the environment's server, which runs elsewhere, cannot be reached. */
  readonly outage?: OutagePolicy;
  /** The model server instance of that name in the config, e.g. a judge. Throws an NgError when there is none. */
  readonly model: (instance: string) => Model;
  /** Folders in which relative files that a block names are looked for, in order. Absent: the working directory. */
  readonly roots?: readonly string[];
  /** Told of each text that the environment reads beside its block, by where it is: a judge's prompt. */
  onText?(place: string, text: string): void;
  /** Nothing is going to be played: only what is stored is looked at, and what an episode needs may be absent. */
  readonly stored?: boolean;
  /** Tells the user something now that no row tells, e.g. of a tool that throws. */
  notify?(notice: { level: 'info' | 'warn'; message: string }): void;
}

/** The same as `create` takes it: without `model`, asking for one throws an NgError. */
export type GivenServices = Omit<EnvironmentServices, 'model'> & Partial<Pick<EnvironmentServices, 'model'>>;

/** What every function of an environment gets besides its own arguments. */
export interface EnvironmentContext<Config = unknown> {
  /** The validated configuration of this server instance. */
  readonly config: Config;
  /** The episode: id, rollout index, deadline, attempt log. */
  readonly call: Call;
  /** Aborted when the episode ends early or this function's time limit passes. */
  readonly signal: AbortSignal;
  readonly services: EnvironmentServices;
}

/** What there is before any episode. */
export type EnvironmentSetup<Config = unknown> = Pick<EnvironmentContext<Config>, 'config' | 'services'>;

/** An implementation that can be started under any instance name. Made by `defineEnvironment`. */
export interface EnvironmentDefinition {
  readonly name: string;
  /** Every key of the server's config block that means something; others are allowed but worth a warning. */
  readonly configKeys: readonly string[];
  /** Those keys of the block that decide no reward: a run may be resumed with others. */
  readonly operational?: readonly string[];
  /** Raised whenever the same reply may get another reward. Ours all have one. */
  readonly version?: number | string;
  /** A user's own program: SHA-256 of each file that it is made of, by its path relative to the entry's folder. */
  readonly files?: Readonly<Record<string, string>>;
  /** It reads files that its block names (a judge's prompt), from its own folder of a search root or the root itself. */
  readonly readsFiles?: boolean;
  /** Whether stored replies can be verified again, where the definition tells. */
  readonly reverifyMode?: ReverifyMode;
  /** The texts that it reads beside this block, by where they are, for what a run must share with its resumption. */
  textsOf?(
    config: Readonly<Record<string, unknown>>,
    services: GivenServices,
  ): Readonly<Record<string, string>>;
  /** JSON Schema of the row keys that it reads; absent: it does not say. */
  rowSchema?(): JsonObject;
  /** Nothing but `configKeys` can be read, so that a key which is nearly one of them is a mistake. */
  readonly closedConfig?: boolean;
  /** Throws an NgError when the config block does not fit. */
  create(
    instanceName: string,
    config: Readonly<Record<string, unknown>>,
    services: GivenServices,
  ): Environment;
}

/** Ours, read by the kit: how long a part may take. */
export const TIME_LIMIT_KEYS: readonly string[] = ['tool_timeout_seconds', 'verify_timeout_seconds'];

/** Read by its server alone: whether and how its tools are offered over MCP. */
export const MCP_FACE_KEYS: readonly string[] = ['expose_tools_over_mcp', 'mcp_row'];

/** Keys that every resources server may have. */
export const COMMON_CONFIG_KEYS: readonly string[] = [
  ...SERVING_KEYS,
  ...NOTE_KEYS,
  ...MCP_FACE_KEYS,
  'mcp_server',
  'base_url',
  ...TIME_LIMIT_KEYS,
];
