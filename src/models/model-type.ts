import type { z } from 'zod';
import { errors } from '../errors/index.js';
import { NOTE_KEYS, SERVING_KEYS } from '../protocol/index.js';
import type { Clock, JsonObject, Model } from '../protocol/index.js';
import { operationalKeys } from './operational.js';
import type { PlatformLookup } from './platform-names.js';
import type { Notify, OutagePolicy, Redactor, RetryBudget, RetryPolicy, Step } from '../transport/index.js';

/** What a model needs from the run besides its own configuration. */
export interface ModelServices {
  clock: Clock;
  /** Uniform in [0, 1). */
  random: () => number;
  /** Removes secrets from errors; the model adds its own key. */
  redactor: Redactor;
  /** Folders in which relative files (recordings) are looked for, in order. */
  roots: readonly string[];
  /** Told of what a user should hear of at once, such as the first refusal of each kind. */
  notify?: Notify;
  /** Overrides of the retry policy; what the block itself says wins. */
  retry?: Partial<RetryPolicy>;
  /** Makes the allowance of second attempts of one endpoint. */
  newRetryBudget?: () => RetryBudget;
  /** What becomes of requests while no endpoint serves. Absent: they are sent all the same. */
  outage?: OutagePolicy;
  /** Records every exchange, or answers from a recording. */
  tape?: Step;
  /** Finds what blocks name of the platform. Absent: such blocks are refused. */
  platform?: PlatformLookup;
}

/** A kind of model server: what its block in the configuration may hold, and how to make one. */
export interface ModelType {
  readonly configSchema: z.ZodType;
  /** Every key that the block may have; anything else is probably misspelt. */
  readonly knownKeys: readonly string[];
  /** The block with every key under its first name, so that two blocks can be merged. */
  canonical(config: JsonObject): JsonObject;
  /** The block without the keys that do not bear on the replies: what a run must share with its resumption. */
  identity(config: JsonObject): Promise<JsonObject>;
  /** Throws NgError for a wrong configuration. Opens no connection. */
  create(name: string, config: JsonObject, services: ModelServices): Promise<Model>;
}

/** Keys that every server block may have; they concern serving over HTTP, not the model. */
const SERVER_KEYS = [...SERVING_KEYS, 'name', 'domain'];

interface Definition<Schema extends z.ZodObject> {
  /** Name of the implementation in configurations, e.g. `inference_provider`. */
  type: string;
  schema: Schema;
  /** Other words for keys of the schema: alias → key. */
  aliases?: Readonly<Record<string, string>>;
  create(name: string, config: z.infer<Schema>, services: ModelServices): Model | Promise<Model>;
}

export function defineModelType<Schema extends z.ZodObject>(definition: Definition<Schema>): ModelType {
  const { type, schema, aliases = {} } = definition;
  const left = new Set([...SERVING_KEYS, ...NOTE_KEYS, ...operationalKeys(schema)]);
  return {
    configSchema: schema,
    knownKeys: [...SERVER_KEYS, ...Object.keys(schema.shape), ...Object.keys(aliases)],
    canonical: (config) => canonical(config, aliases),
    identity: (config) => {
      const entries = Object.entries(canonical(config, aliases)).filter(([key]) => !left.has(key));
      return Promise.resolve(Object.fromEntries(entries));
    },
    async create(name, config, services) {
      const block = `${name}.responses_api_models.${type}`;
      const twice = Object.entries(aliases).filter(([alias, key]) => saidTwice(config, alias, key));
      if (twice.length > 0) {
        throw errors.modelConfigInvalid(
          block,
          twice.map(([alias, key]) => ({ key: alias, message: `says something else than ${key}` })),
        );
      }
      const parsed = schema.safeParse(canonical(config, aliases));
      if (!parsed.success) {
        const problems = parsed.error.issues.map(({ path, message }) => {
          const [alias] = Object.entries(aliases).find(([, key]) => key === path[0]) ?? [];
          return { key: path.join('.'), message, ...(alias !== undefined && { alias }) };
        });
        throw errors.modelConfigInvalid(block, problems);
      }
      return definition.create(name, parsed.data, services);
    },
  };
}

/** What is written under its first name wins over an alias. */
function canonical(config: JsonObject, aliases: Readonly<Record<string, string>>): JsonObject {
  const isAlias = (key: string): boolean => Object.hasOwn(aliases, key);
  const result = Object.fromEntries(Object.entries(config).filter(([key]) => !isAlias(key)));
  for (const [key, value] of Object.entries(config)) if (isAlias(key)) result[aliases[key]!] ??= value;
  return result;
}

function saidTwice(config: JsonObject, alias: string, key: string): boolean {
  const [one, other] = [config[alias], config[key]];
  return one != null && other != null && JSON.stringify(one) !== JSON.stringify(other);
}
