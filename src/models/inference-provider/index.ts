import { z } from 'zod';
import { replyFromChat, requestToChat } from '../../translate/index.js';
import { authHeaders, capabilityOf, lossTeller } from '../capability.js';
import {
  apiKey,
  baseUrl,
  dict,
  flag,
  positiveInt,
  text,
  transportFields,
  translateSettings,
} from '../config-fields.js';
import { canStream, openBaseUrl } from '../embedded/index.js';
import { httpModel } from '../http-model.js';
import type { ModelType } from '../model-type.js';
import { operational } from '../operational.js';
import { defineModelType } from '../model-type.js';
import { replyIds } from '../reply-ids.js';
import { openTransport } from '../open-transport.js';
import { endpointUrl } from '../urls.js';

const schema = z.object({
  ...operational({
    base_url: baseUrl,
    api_key: apiKey,
    num_concurrent_requests: positiveInt.nullish().transform((value) => value ?? 1000),
  }),
  model: text,
  uses_reasoning_parser: flag(false),
  extra_body: dict,
  ...transportFields,
});

/** Any hosted provider with an OpenAI-compatible `/chat/completions`. */
export const modelType: ModelType = defineModelType({
  type: 'inference_provider',
  schema,
  async create(name, config, services) {
    services.redactor.add([config.api_key]);
    const upstream = await openBaseUrl(config.base_url, services);
    const capability = capabilityOf(
      `${name}.responses_api_models.inference_provider`,
      config.base_url,
      config.capability,
    );
    const options = {
      model: config.model,
      usesReasoningParser: config.uses_reasoning_parser,
      extraBody: config.extra_body,
      ...translateSettings(config),
      capability,
      onLoss: lossTeller(name, services),
    };
    const url = endpointUrl(upstream.baseUrl, 'chat/completions');
    return httpModel({
      name,
      modelId: config.model,
      url,
      endpoint: 'chat/completions',
      headers: authHeaders(capability, config.api_key),
      write: (request, call) => requestToChat(request, { ...options, newId: replyIds(call, '') }),
      read: (body, request, reply, call) =>
        replyFromChat(body, request, {
          ...options,
          now: () => reply.receivedAt,
          newId: replyIds(call, reply.text),
        }),
      gateway: {
        upstream: 'chat',
        streams: canStream(config.base_url, services),
        // As in the rows: a reply is as old as its arrival here.
        translate: { ...options, now: () => services.clock.now() },
      },
      hold: config.stream_upstream === true,
      transport: openTransport(name, config, services, config.num_concurrent_requests),
      offline: upstream.offline,
      onClose: upstream.close,
    });
  },
});
