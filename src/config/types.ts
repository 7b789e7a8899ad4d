import type { Where } from '../errors/index.js';

/** A value of the resolved configuration: plain data, interpolations done. */
export type ConfigValue = null | boolean | number | string | ConfigValue[] | ConfigObject;
export interface ConfigObject {
  [key: string]: ConfigValue;
}

export const SERVER_TYPES = ['responses_api_models', 'resources_servers', 'responses_api_agents'] as const;
export type ServerType = (typeof SERVER_TYPES)[number];

/** One server of the configuration: `<name>: {<type>: {<implementation>: {entrypoint, …}}}`. */
export interface ServerInstance {
  readonly name: string;
  readonly type: ServerType;
  /** Folder name of the implementation in the reference, e.g. `inference_provider`, `mcqa`, `simple_agent`. */
  readonly implementation: string;
  /** The implementation's block: `entrypoint`, `host`, `port` and the fields of that server type. */
  readonly config: ConfigObject;
  /** Where the processes answer that were started for the block, or run already: one address for each copy. */
  readonly started?: readonly string[];
}

/** The implementations that can be had without starting a process of the reference's. */
export interface Implementations {
  /** Whether a block's code is here, or its server answers elsewhere: it needs no `entrypoint` and no `domain`. */
  has(server: ServerInstance): boolean;
  /** Those of a server type that are built in, for suggestions. */
  names(type: ServerType): readonly string[];
}

/** Where a value came from: a file with line, an argument as typed, or a default of the command. */
export interface Origin extends Where {
  source: 'file' | 'env.yaml' | 'argument' | 'default';
  /** The argument as typed, for `argument`; values of secret keys are masked. */
  text?: string;
}

/** What files and arguments come to. Made once, before anything is sent or written. */
export interface ResolvedConfig {
  /** The whole flat dictionary: command parameters, credentials, settings and server blocks. */
  readonly values: ConfigObject;
  readonly servers: readonly ServerInstance[];
  /** All files that were read, in discovery order, as absolute paths. */
  readonly files: readonly string[];
  /** Things worth telling that are not errors (duplicate includes, ambiguous paths). */
  readonly warnings: readonly string[];
  /** Where to look for relative paths: extra roots, working directory, what we ship. */
  readonly roots: readonly string[];
  /** Where the value at a dotted path came from. */
  origin(path: string): Origin | undefined;
  /** The dictionary with every secret masked, fit for printing and for the manifest. */
  redacted(): ConfigObject;
  /** Secret values in it that are masked by value in what is printed of it. */
  secrets(): string[];
  /** Every secret value in it, short ones too, with the path of its key or the name of its environment variable. */
  namedSecrets(): { key: string; value: string }[];
  /**
   * The value at a dotted path, where it came from and what it replaced, as text for `--explain`; secrets
   * masked. Throws an NgError for a path that is not there.
   */
  explain(path: string): string;
  /**
   * The dictionary as YAML in merge order, every secret masked, for `ng env resolve`. `over` is merged over it
   * first (real hosts and ports).
   */
  toYaml(over?: ConfigObject): string;
  /**
   * The dictionary as YAML 1.1 on one line (JSON, unless a number is not finite), with every secret: what a server
   * process that is started for the user is given, and nobody else. `over` is merged over it first.
   */
  forServers(over: ConfigObject): string;
}

export interface LoadOptions {
  /** Override tokens as typed: `+key=value`, `++key=value`, `key=value`, `~key`. */
  overrides: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Lowest-ranking values given by a command (a dummy policy model for listing and validating). */
  initial?: ConfigObject;
  /** The block of a configuration that was handed on (`NEMO_GYM_CONFIG_DICT`) which is ours to serve, though it has an address. */
  own?: string | undefined;
  /** What runs in this process. Without it every server block needs what the reference asks of it. */
  implementations?: Implementations;
}
