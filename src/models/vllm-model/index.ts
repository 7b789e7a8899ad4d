import type { ModelType } from '../model-type.js';
import { defineModelType } from '../model-type.js';
import { responsesModel, schema as responsesSchema } from '../openai-model/index.js';
import { schema } from './config.js';
import { checkCombination } from './combinations.js';
import { vllmModel } from './vllm-model.js';

/** vLLM engines: chat completions by default, `/completions` or Responses when asked. */
export const modelType: ModelType = defineModelType({
  type: 'vllm_model',
  schema,
  create(name, config, services) {
    checkCombination(name, config);
    if (!config.is_responses_native) return vllmModel(name, config, services);
    const { chat_template_kwargs, extra_body, sampling_overrides } = config;
    const native = responsesSchema.parse({
      ...config,
      openai_base_url: config.base_url[0],
      openai_api_key: config.api_key,
      openai_model: config.model,
      openai_default_headers: config.default_headers,
      max_concurrent_requests: config.num_concurrent_requests,
      extra_body:
        Object.keys(chat_template_kwargs).length > 0 ? { ...extra_body, chat_template_kwargs } : extra_body,
    });
    return responsesModel(name, native, services, { overrides: sampling_overrides, type: 'vllm_model' });
  },
});
