import type { Json, JsonObject, Model, ResponsesReply } from '../../protocol/index.js';
import { CallFailure, isObject } from '../../protocol/index.js';
import { replyFromResponses, requestToResponses } from '../../translate/index.js';
import { authHeaders, capabilityOf, lossTeller } from '../capability.js';
import { tokenCounter } from '../count-tokens.js';
import { translateSettings } from '../config-fields.js';
import { canStream, openBaseUrl } from '../embedded/index.js';
import { httpModel } from '../http-model.js';
import type { ModelServices } from '../model-type.js';
import { openTransport } from '../open-transport.js';
import { endpointUrl } from '../urls.js';
import type { OpenAiModelConfig } from './config.js';

const DEFAULT_CONCURRENCY = 1000;

export interface ResponsesModelOptions {
  /** Mends replies that are not quite what the dialect says. */
  normalize?: (body: Json) => Json;
  /** The type that the block names, for messages. Default `openai_model`. */
  type?: string;
  /** Merged over every request, last. */
  overrides?: JsonObject;
}

/** A model behind a `/responses` endpoint: sent as it is, under the configured model. */
export async function responsesModel(
  name: string,
  config: OpenAiModelConfig,
  services: ModelServices,
  { normalize = (body) => body, type = 'openai_model', overrides = {} }: ResponsesModelOptions = {},
): Promise<Model> {
  services.redactor.add([config.openai_api_key]);
  const upstream = await openBaseUrl(config.openai_base_url, services);
  const url = endpointUrl(upstream.baseUrl, 'responses');
  const capability = capabilityOf(
    `${name}.responses_api_models.${type}`,
    config.openai_base_url,
    config.capability,
  );
  const onLoss = lossTeller(name, services);
  const headers = authHeaders(capability, config.openai_api_key, config.openai_default_headers);
  const transport = openTransport(
    name,
    config,
    services,
    config.max_concurrent_requests ?? DEFAULT_CONCURRENCY,
  );
  const translate = {
    model: config.openai_model,
    extraBody: config.extra_body,
    samplingOverrides: overrides,
    ...translateSettings(config),
    capability,
    onLoss,
    acceptReasoning: () => !config.drop_input_reasoning_items,
  };
  const countUrl = endpointUrl(upstream.baseUrl, 'responses/input_tokens');
  return httpModel({
    name,
    modelId: config.openai_model,
    url,
    endpoint: 'responses',
    headers,
    write: (request) => ({
      ...requestToResponses(request, {
        model: config.openai_model,
        extraBody: config.extra_body,
        dropReasoning: config.drop_input_reasoning_items,
        capability,
        onLoss,
      }),
      ...overrides,
    }),
    read: (body): ResponsesReply => replyFromResponses(inDialect(normalize(body))),
    gateway: {
      upstream: 'responses',
      streams: canStream(config.openai_base_url, services),
      translate,
      finish: (body) => (config.drop_input_reasoning_items ? withoutReasoning(body) : body),
      normalize,
    },
    countTokens: tokenCounter({
      name,
      upstream: 'responses',
      translate,
      headers,
      transport,
      ask: (sent) => ({ url: countUrl, endpoint: 'responses/input_tokens', body: countedParts(sent) }),
      read: (answer) => answer['input_tokens'],
    }),
    hold: config.stream_upstream === true,
    transport,
    offline: upstream.offline,
    onClose: upstream.close,
  });
}

/** The parameters of `POST /responses/input_tokens`; others are refused there. */
const COUNTED = [
  'model',
  'input',
  'instructions',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'reasoning',
  'text',
  'truncation',
  'conversation',
  'previous_response_id',
];

function countedParts(sent: JsonObject): JsonObject {
  const present = COUNTED.filter((key) => sent[key] !== undefined && sent[key] !== null);
  return Object.fromEntries(present.map((key) => [key, sent[key]!]));
}

/** Says of another dialect's reply what would read it. Throws `garbage_reply`. */
function inDialect(body: Json): Json {
  if (!isObject(body) || Array.isArray(body['output']) || body['error'] != null) return body;
  const found = Array.isArray(body['choices']) ? 'is one of Chat Completions' : 'has no "output"';
  throw new CallFailure(
    'garbage_reply',
    `the reply ${found}: an endpoint that speaks Chat Completions only is asked by a block of the type inference_provider (--model-type inference_provider)`,
    { retryable: true },
  );
}

function withoutReasoning(body: JsonObject): JsonObject {
  const { input } = body;
  if (!Array.isArray(input)) return body;
  return { ...body, input: input.filter((item) => !isObject(item) || item['type'] !== 'reasoning') };
}
