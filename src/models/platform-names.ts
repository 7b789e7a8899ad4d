import { errors } from '../errors/index.js';
import type { Json, JsonObject } from '../protocol/index.js';
import type { ModelServices, ModelType } from './model-type.js';

type Loader = () => Promise<ModelType>;

/** What a block names instead of an address: a provider or a virtual model of the platform. */
export interface PlatformName {
  readonly kind: 'provider' | 'virtual_model';
  readonly workspace: string;
  readonly name: string;
}

/** Where it is asked, and what this run is let in with. The provider's own key is not among it. */
export interface PlatformAddress {
  readonly baseUrl: string;
  readonly apiKey: string;
}

/** Throws NgError for a name that is not there, and when there is neither a platform nor its database. */
export type PlatformLookup = (named: PlatformName) => Promise<PlatformAddress>;

/** The keys that say where a model is: a block has one of the kinds, not several. */
const NAMES = ['provider', 'virtual_model'] as const;
const ADDRESSES = ['base_url', 'openai_base_url', 'api_key', 'openai_api_key'];

/** Of a replay, which asks nobody. */
const NOWHERE: PlatformAddress = { baseUrl: 'http://127.0.0.1:9/v1', apiKey: '' };

/** For looking at a configuration without asking anybody. */
export const unaskedPlatform: PlatformLookup = () => Promise.resolve(NOWHERE);

/** A block without what says where its model is in another way than `other`, which is about to be put over it. */
export function withoutRivals(config: JsonObject, other: JsonObject): JsonObject {
  const named = NAMES.some((key) => other[key] != null);
  const addressed = ['base_url', 'openai_base_url'].some((key) => other[key] != null);
  const left: readonly string[] = named ? [...NAMES, ...ADDRESSES] : addressed ? NAMES : [];
  return Object.fromEntries(Object.entries(config).filter(([key]) => !left.includes(key)));
}

/**
 * Lets a model type name a provider (`provider: workspace/name`) or a virtual model (`virtual_model: workspace/name`) of
 * the platform in the place of `base_url` and `api_key`.
 */
export function withPlatformNames(name: string, load: Loader): Loader {
  return async () => {
    const type = await load();
    return {
      configSchema: type.configSchema,
      knownKeys: [...type.knownKeys, ...NAMES],
      canonical: (config) => type.canonical(config),
      // Where a model is asked is not what it answers; a virtual model is the model itself.
      identity: (config) =>
        type.identity(Object.fromEntries(Object.entries(config).filter(([key]) => key !== 'provider'))),
      async create(instance, { provider, virtual_model: virtual, ...config }, services) {
        if (provider == null && virtual == null) return type.create(instance, config, services);
        const block = `${instance}.responses_api_models.${name}`;
        const named = nameIn(block, { provider, virtual_model: virtual }, config);
        const { baseUrl, apiKey } = await addressOf(block, named, services);
        const model = { model: `${named.workspace}/${named.name}` };
        const anonymous = config['model'] == null && config['openai_model'] == null;
        return type.create(
          instance,
          {
            ...config,
            ...(named.kind === 'virtual_model' && anonymous && model),
            base_url: baseUrl,
            api_key: apiKey,
          },
          services,
        );
      },
    };
  };
}

async function addressOf(
  block: string,
  named: PlatformName,
  { platform, tape }: ModelServices,
): Promise<PlatformAddress> {
  if (tape?.replays === true) return NOWHERE;
  if (platform !== undefined) return await platform(named);
  throw errors.modelConfigInvalid(block, [
    { key: named.kind, message: 'names something of a platform, and none is asked here' },
  ]);
}

function nameIn(
  block: string,
  given: Readonly<Record<(typeof NAMES)[number], Json | undefined>>,
  config: JsonObject,
): PlatformName {
  const [kind, other] = NAMES.filter((key) => given[key] != null);
  const fault = (message: string) => errors.modelConfigInvalid(block, [{ key: kind!, message }]);
  const address = ADDRESSES.find((key) => config[key] != null);
  if (other !== undefined) throw fault(`and ${other} both say where to ask: give one of them`);
  if (address !== undefined) throw fault(`says where to ask, and so does ${address}: leave one of them out`);
  const text = given[kind!];
  const match = typeof text === 'string' ? /^(?:([^/\s]+)\/)?([^/\s]+)$/.exec(text) : null;
  if (match === null) throw fault('must be a name, with its workspace before it: "default/my-provider"');
  return { kind: kind!, workspace: match[1] ?? 'default', name: match[2]! };
}
