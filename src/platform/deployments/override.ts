import { isObject, type Json, type JsonObject } from '../../protocol/index.js';
import { list, map, nullable, object, optional, required, text, type Faults } from '../schema/index.js';

/** What runs deployments. */
export const EXECUTOR_KINDS = ['process', 'docker', 'external'] as const;
export type ExecutorKind = (typeof EXECUTOR_KINDS)[number];

/** What `override_config` of a config says to this platform; all other keys are somebody else's. */
export interface Override {
  /** Null: the first executor of the platform that takes the config. */
  readonly executor: ExecutorKind | null;
  /** Of a process: program and arguments, in the place of those that its engine has. */
  readonly command: readonly string[] | null;
  /** Of an external server. */
  readonly hostUrl: string | null;
  /** The secret with the key that the server asks for. */
  readonly apiKeySecret: string | null;
  /** Variables of the server's environment, and the secrets whose values they get. */
  readonly secretEnvs: Readonly<Record<string, string>>;
}

const key = optional(nullable(text({ max: 255 })));
const OVERRIDE = object({
  process: optional(
    nullable(object({ command: optional(nullable(list(text({ min: 1 })))), api_key_secret_name: key })),
  ),
  docker: optional(nullable(object({ api_key_secret_name: key }))),
  external: optional(
    nullable(object({ host_url: required(text({ min: 1, max: 2048 })), api_key_secret_name: key })),
  ),
  secret_envs: optional(nullable(map(text()))),
});

/** Reads it; what does not fit is in `faults`. */
export function readOverride(value: Json, faults: Faults): Override {
  const read = isObject(value)
    ? (OVERRIDE(value, ['body', 'executor_config', 'override_config'], faults) ?? {})
    : {};
  const of = read as Record<ExecutorKind, JsonObject | null | undefined> & {
    secret_envs?: Record<string, string> | null;
  };
  const executor = EXECUTOR_KINDS.find((kind) => isObject(of[kind])) ?? null;
  const chosen = (executor === null ? {} : of[executor]!) as {
    command?: string[] | null;
    host_url?: string;
    api_key_secret_name?: string | null;
  };
  return {
    executor,
    command: chosen.command ?? null,
    hostUrl: chosen.host_url ?? null,
    apiKeySecret: chosen.api_key_secret_name ?? null,
    secretEnvs: of.secret_envs ?? {},
  };
}
