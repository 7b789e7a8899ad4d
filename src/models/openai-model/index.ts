import { OPENAI_ALIASES } from '../config-fields.js';
import type { ModelType } from '../model-type.js';
import { defineModelType } from '../model-type.js';
import { schema } from './config.js';
import { responsesModel } from './responses-model.js';

/** Any endpoint that speaks OpenAI's Responses: OpenAI, OpenRouter, vLLM, NIM. */
export const modelType: ModelType = defineModelType({
  type: 'openai_model',
  schema,
  aliases: OPENAI_ALIASES,
  create: (name, config, services) => responsesModel(name, config, services),
});

export { schema } from './config.js';
export { responsesModel } from './responses-model.js';
