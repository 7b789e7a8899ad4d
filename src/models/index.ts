import { withFallbacks } from './failover/with-fallbacks.js';
import type { RecordedAnswers } from './embedded/start.js';
import type { ModelType } from './model-type.js';
import { withPlatformNames } from './platform-names.js';

const TYPES: Readonly<Record<string, () => Promise<ModelType>>> = {
  azure_openai_model: async () => (await import('./azure-openai-model/index.js')).modelType,
  inference_provider: async () => (await import('./inference-provider/index.js')).modelType,
  litellm_model: async () => (await import('./litellm-model/index.js')).modelType,
  openai_model: async () => (await import('./openai-model/index.js')).modelType,
  vllm_model: async () => (await import('./vllm-model/index.js')).modelType,
};

const PLACED: typeof TYPES = Object.fromEntries(
  Object.entries(TYPES).map(([name, load]) => [name, withPlatformNames(name, load)]),
);

/** Every kind of model server that is built in, by its name in configurations. Loaded when first used. */
export const MODEL_TYPES: typeof TYPES = Object.fromEntries(
  Object.entries(PLACED).map(([name, load]) => [name, withFallbacks(name, load, PLACED)]),
);

export type { ModelServices, ModelType } from './model-type.js';
export type { PlatformAddress, PlatformLookup, PlatformName } from './platform-names.js';
export { unaskedPlatform } from './platform-names.js';

/** The twin of any model server that has a `base_url` and an implementation we do not have. */
export const remoteModel = async (): Promise<ModelType> => (await import('./remote/index.js')).modelType;
export { exchangeOf } from './exchange-of.js';
export { preflight } from './preflight.js';
export { GatewayStream } from './gateway-stream.js';
export type { Breaker } from './failover/breaker.js';
export { createBreaker } from './failover/breaker.js';
export { askCandidate, inTurn, mayBeAskedElsewhere } from './failover/in-turn.js';
export type { RecordedAnswers } from './embedded/start.js';
/** The answers of a recording, as the embedded provider gives them. */
export const recordedAnswers = async (file: string): Promise<RecordedAnswers> =>
  (await import('./embedded/start.js')).recordedAnswers(file);
