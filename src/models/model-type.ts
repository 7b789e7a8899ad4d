import type { z } from 'zod';
import { errors } from '../errors/index.js';
import { NOTE_KEYS, SERVING_KEYS } from '../protocol/index.js';
import type { Clock, JsonObject, Model } from '../protocol/index.js';
import { operationalKeys } from './operational.js';
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
}

/** A kind of model server: what its block in the configuration may hold, and how to make one. */
export interface ModelType {
  readonly configSchema: z.ZodType;
  /** Every key that the block may have; anything else is probably misspelt. */
  readonly knownKeys: readonly string[];
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
  create(name: string, config: z.infer<Schema>, services: ModelServices): Model | Promise<Model>;
}

export function defineModelType<Schema extends z.ZodObject>(definition: Definition<Schema>): ModelType {
  const { type, schema } = definition;
  const left = new Set([...SERVING_KEYS, ...NOTE_KEYS, ...operationalKeys(schema)]);
  return {
    configSchema: schema,
    knownKeys: [...SERVER_KEYS, ...Object.keys(schema.shape)],
    identity: (config) =>
      Promise.resolve(Object.fromEntries(Object.entries(config).filter(([key]) => !left.has(key)))),
    async create(name, config, services) {
      const parsed = schema.safeParse(config);
      if (!parsed.success) {
        const problems = parsed.error.issues.map(({ path, message }) => ({ key: path.join('.'), message }));
        throw errors.modelConfigInvalid(`${name}.responses_api_models.${type}`, problems);
      }
      return definition.create(name, parsed.data, services);
    },
  };
}
