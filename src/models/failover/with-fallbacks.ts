import { errors } from '../../errors/index.js';
import type { Json, JsonObject, Model } from '../../protocol/index.js';
import { isObject } from '../../protocol/index.js';
import type { OutagePolicy } from '../../transport/index.js';
import type { ModelServices, ModelType } from '../model-type.js';
import { withoutRivals } from '../platform-names.js';
import { failoverModel } from './failover-model.js';

type Loader = () => Promise<ModelType>;

/** With somewhere else to go, a provider gets one more chance or two, and none after silence or a long told wait. */
const IMPATIENT = {
  maxAttempts: 3,
  maxToldAttempts: 3,
  maxSilentAttempts: 1,
  maxToldWaitMs: 10_000,
  maxClosedMs: 10_000,
};

/**
 * Lets a model type name other providers to fall back on, under `fallbacks`. Each entry is the block of another
 * type (`{openai_model: {…}}`), or the keys in which a further endpoint of the same type differs.
 */
export function withFallbacks(name: string, load: Loader, types: Readonly<Record<string, Loader>>): Loader {
  return async () => {
    const type = await load();
    return {
      configSchema: type.configSchema,
      knownKeys: [...type.knownKeys, 'fallbacks'],
      canonical: (config) => type.canonical(config),
      async identity({ fallbacks, ...config }) {
        const own = await type.identity(config);
        if (!Array.isArray(fallbacks) || !fallbacks.every(isObject)) {
          // What is no list of blocks is refused when the model is made.
          return fallbacks == null ? own : { ...own, fallbacks };
        }
        const entries = readEntries(fallbacks, name, types);
        const others = entries.map(async ({ typeName, block }) =>
          typeName === undefined
            ? type.identity(block)
            : { [typeName]: await (await types[typeName]!()).identity(block) },
        );
        return { ...own, fallbacks: await Promise.all(others) };
      },
      async create(instance, { fallbacks, ...config }, services) {
        if (fallbacks === undefined || fallbacks === null) return type.create(instance, config, services);
        const entries = readEntries(fallbacks, `${instance}.responses_api_models.${name}`, types);
        const { clock, notify, outage } = services;
        const looks: (() => void)[] = [];
        // Each tells at once that it cannot be reached: whether to wait, and for whom, is decided over all of them.
        const policy: OutagePolicy | undefined = outage && {
          maxWaitMs: 0,
          onChange() {
            for (const look of looks) look();
            outage.onChange?.();
          },
        };
        const own: ModelServices = { ...services, ...(policy && { outage: policy }) };
        const impatient: ModelServices = { ...own, retry: { ...IMPATIENT, ...services.retry } };
        const models: [Model, ...Model[]] = [await type.create(instance, config, impatient)];
        for (const [i, { typeName, block }] of entries.entries()) {
          const other = typeName === undefined ? type : await types[typeName]!();
          const first = withoutRivals(config, block);
          const merged =
            typeName === undefined ? { ...type.canonical(first), ...type.canonical(block) } : block;
          const last = i === entries.length - 1;
          models.push(await other.create(`${instance}.fallbacks[${i}]`, merged, last ? own : impatient));
        }
        return failoverModel(models, {
          clock,
          ...(outage !== undefined && { outage }),
          onReachChange: (look) => looks.push(look),
          replays: services.tape?.replays === true,
          ...(notify !== undefined && { notify }),
        });
      },
    };
  };
}

interface Entry {
  /** Undefined: a further endpoint of the same type. */
  typeName: string | undefined;
  block: JsonObject;
}

function readEntries(fallbacks: Json, where: string, types: Readonly<Record<string, Loader>>): Entry[] {
  if (!Array.isArray(fallbacks)) {
    throw errors.modelConfigInvalid(where, [{ key: 'fallbacks', message: 'must be a list' }]);
  }
  return fallbacks.map((entry, i) => {
    if (!isObject(entry)) {
      throw errors.modelConfigInvalid(where, [
        { key: `fallbacks[${i}]`, message: 'must be a block of keys' },
      ]);
    }
    const [typeName, ...others] = Object.keys(entry);
    const block = typeName === undefined ? undefined : entry[typeName];
    if (typeName === undefined || !Object.hasOwn(types, typeName))
      return { typeName: undefined, block: entry };
    if (others.length > 0 || !isObject(block)) {
      throw errors.modelConfigInvalid(where, [
        { key: `fallbacks[${i}]`, message: `must hold "${typeName}" and nothing beside it` },
      ]);
    }
    return { typeName, block };
  });
}
