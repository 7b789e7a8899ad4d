import type { Json, JsonObject, Model, ResponsesReply } from '../../protocol/index.js';
import { createTransport } from '../../transport/index.js';
import { replyFromResponses, requestToResponses } from '../../translate/index.js';
import { bearer } from '../bearer.js';
import { transportSettings } from '../config-fields.js';
import { openBaseUrl } from '../embedded/index.js';
import { httpModel } from '../http-model.js';
import type { ModelServices } from '../model-type.js';
import { endpointUrl } from '../urls.js';
import type { OpenAiModelConfig } from './config.js';

const DEFAULT_CONCURRENCY = 1000;

export interface ResponsesModelOptions {
  /** Mends replies that are not quite what the dialect says. */
  normalize?: (body: Json) => Json;
  /** Merged over every request, last. */
  overrides?: JsonObject;
}

/** A model behind a `/responses` endpoint: sent as it is, under the configured model. */
export async function responsesModel(
  name: string,
  config: OpenAiModelConfig,
  services: ModelServices,
  { normalize = (body) => body, overrides = {} }: ResponsesModelOptions = {},
): Promise<Model> {
  services.redactor.add([config.openai_api_key]);
  const upstream = await openBaseUrl(config.openai_base_url, services);
  const url = endpointUrl(upstream.baseUrl, 'responses');
  return httpModel({
    name,
    modelId: config.openai_model,
    url: () => url,
    endpoint: 'responses',
    headers: bearer(config.openai_api_key, config.openai_default_headers),
    write: (request) => ({
      ...requestToResponses(request, {
        model: config.openai_model,
        extraBody: config.extra_body,
        dropReasoning: config.drop_input_reasoning_items,
      }),
      ...overrides,
    }),
    read: (body): ResponsesReply => replyFromResponses(normalize(body)),
    transport: createTransport({
      ...transportSettings(config),
      ...services,
      maxConcurrent: config.max_concurrent_requests ?? DEFAULT_CONCURRENCY,
    }),
    onClose: upstream.close,
  });
}
