import type { Json, JsonObject } from '../../protocol/index.js';
import { isObject } from '../../protocol/index.js';
import { OPENAI_ALIASES } from '../config-fields.js';
import type { ModelType } from '../model-type.js';
import { defineModelType } from '../model-type.js';
import { responsesModel, schema } from '../openai-model/index.js';
import { responseFromCompletion } from './response-from-completion.js';

/** A LiteLLM proxy answers some models on `/responses` with a chat completion. */
function normalize(body: Json): Json {
  if (!isObject(body)) return body;
  const { reasoning } = body;
  const plain: JsonObject =
    isObject(reasoning) && reasoning['effort'] === 'none'
      ? { ...body, reasoning: { ...reasoning, effort: null } }
      : body;
  return plain['object'] === 'chat.completion' ? responseFromCompletion(plain) : plain;
}

export const modelType: ModelType = defineModelType({
  type: 'litellm_model',
  schema,
  aliases: OPENAI_ALIASES,
  create: (name, config, services) =>
    responsesModel(name, config, services, { normalize, type: 'litellm_model' }),
});
