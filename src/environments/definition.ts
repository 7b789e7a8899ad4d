import type { Call, Clock, Environment, Model } from '../protocol/index.js';

/** What the outside gives every environment: time, randomness and, where it asks a judge, models. */
export interface EnvironmentServices {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  random(): number;
  /** The model server instance of that name in the config. */
  model?(instance: string): Model;
  /** Tells the user something now that no row tells, e.g. of a tool that throws. */
  notify?(notice: { level: 'info' | 'warn'; message: string }): void;
}

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

/** An implementation that can be started under any instance name. Made by `defineEnvironment`. */
export interface EnvironmentDefinition {
  readonly name: string;
  /** Every key of the server's config block that means something; others are allowed but worth a warning. */
  readonly configKeys: readonly string[];
  /** Throws an NgError when the config block does not fit. */
  create(
    instanceName: string,
    config: Readonly<Record<string, unknown>>,
    services: EnvironmentServices,
  ): Environment;
}

/** Keys that every resources server may have. The two timeouts are ours. */
export const COMMON_CONFIG_KEYS: readonly string[] = [
  'entrypoint',
  'domain',
  'verified',
  'description',
  'value',
  'host',
  'port',
  'num_workers',
  'expose_tools_over_mcp',
  'mcp_server',
  'base_url',
  'tool_timeout_seconds',
  'verify_timeout_seconds',
];
