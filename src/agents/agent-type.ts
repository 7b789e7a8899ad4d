import { z } from 'zod';
import { errors } from '../errors/index.js';
import type { Agent, Clock } from '../protocol/index.js';
import { NOTE_KEYS, SERVING_KEYS } from '../protocol/index.js';
import type { OutagePolicy } from '../transport/index.js';

/** What the outside gives every agent. */
export interface AgentServices {
  readonly clock: Clock;
  /** Uniform in [0, 1); default: no spread. */
  readonly random?: () => number;
  /** What becomes of requests while the agent's server cannot be reached. */
  readonly outage?: OutagePolicy;
}

/** An agent loop that can be started under any instance name. */
export interface AgentType {
  /** Every key of the agent's config block that means something; others are allowed but worth a warning. */
  readonly configKeys: readonly string[];
  /** Those that do not bear on what is played: a run may be resumed with other values. */
  readonly operational: readonly string[];
  /** It needs no `model_server`: what answers is part of the agent. */
  readonly bringsModel?: boolean;
  /** Throws an NgError when the config block does not fit. */
  create(instanceName: string, config: Readonly<Record<string, unknown>>, services: AgentServices): Agent;
}

/** Keys that every agent block may have, whatever its type. */
const COMMON_KEYS: readonly string[] = [
  ...SERVING_KEYS,
  ...NOTE_KEYS,
  'name',
  'base_url',
  'resources_server',
  'model_server',
  'token_id_capture',
];

/** Keys that our own agents share. */
export const commonConfig = z.object({
  skip_verification: z.boolean().nullish(),
  skip_verification_reward: z.number().nullish(),
  /** Wall-clock limit of one episode, in seconds; 0 = none. */
  episode_timeout_seconds: z.number().min(0).nullish(),
});

/** What ours have in common and what does not bear on what they play. */
export const OPERATIONAL_KEYS: readonly string[] = [...SERVING_KEYS, ...NOTE_KEYS, 'episode_timeout_seconds'];

/**
 * Builds an agent type from the schema of its config, the keys of it that do not bear on what is played, and what
 * makes the agent.
 */
export function defineAgentType<Shape extends z.ZodRawShape>(
  implementation: string,
  { schema: config, operational }: { schema: z.ZodObject<Shape>; operational: readonly string[] },
  make: (name: string, config: z.infer<z.ZodObject<Shape>>, services: AgentServices) => Agent,
): AgentType {
  return {
    configKeys: [...new Set([...COMMON_KEYS, ...Object.keys(config.shape)])],
    operational,
    create(instanceName, given, services) {
      const parsed = config.safeParse(given);
      if (parsed.success) return make(instanceName, parsed.data, services);
      throw errors.agentConfigInvalid(
        instanceName,
        implementation,
        parsed.error.issues.map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`),
      );
    },
  };
}
