import { z } from 'zod';
import { errors } from '../../errors/index.js';
import { replyFromChat, requestToChat } from '../../translate/index.js';
import {
  apiKey,
  baseUrl,
  dict,
  flag,
  OPENAI_ALIASES,
  positiveInt,
  text,
  transportFields,
  translateSettings,
} from '../config-fields.js';
import { canStream } from '../embedded/index.js';
import { httpModel } from '../http-model.js';
import type { ModelType } from '../model-type.js';
import { authHeaders, capabilityOf, lossTeller } from '../capability.js';
import { defineModelType } from '../model-type.js';
import { operational } from '../operational.js';
import { replyIds } from '../reply-ids.js';
import { openTransport } from '../open-transport.js';
import { endpointUrl } from '../urls.js';

const schema = z.object({
  ...operational({
    openai_base_url: baseUrl,
    openai_api_key: apiKey,
    num_concurrent_requests: positiveInt.nullish().transform((value) => value ?? 1000),
  }),
  openai_model: text,
  default_query: z.record(z.string(), text).nullish(),
  uses_reasoning_parser: flag(true),
  extra_body: dict,
  ...transportFields,
});

/** The newer route, which has neither deployments nor versions. */
function isV1(root: string): boolean {
  return /\/openai\/v1$/.test(root.replace(/\/+$/, ''));
}

/** `…/openai/deployments/<deployment>/chat/completions`, or plain `…/openai/v1/chat/completions` for v1 bases. */
function deploymentUrl(base: string, deployment: string, query: Readonly<Record<string, string>>): string {
  const root = base.replace(/\/+$/, '');
  if (isV1(root)) return endpointUrl(root, 'chat/completions');
  const prefix = /\/openai$/.test(root) ? '' : 'openai/';
  const path = `${prefix}deployments/${encodeURIComponent(deployment)}/chat/completions`;
  return endpointUrl(root, path, query);
}

/** Azure OpenAI: a deployment's chat completions, with the key in `api-key`. */
export const modelType: ModelType = defineModelType({
  type: 'azure_openai_model',
  schema,
  aliases: OPENAI_ALIASES,
  create(name, config, services) {
    if (config.default_query == null && !isV1(config.openai_base_url)) {
      throw errors.azureVersionMissing(`${name}.responses_api_models.azure_openai_model`);
    }
    services.redactor.add([config.openai_api_key]);
    // A resource behind a name of its own still takes its key as Azure does.
    const { capability: given } = config;
    const capability = capabilityOf(
      `${name}.responses_api_models.azure_openai_model`,
      config.openai_base_url,
      {
        auth_header: 'api-key',
        auth_template: '{key}',
        ...(typeof given === 'string' ? { name: given } : given),
      },
    );
    const options = {
      model: config.openai_model,
      usesReasoningParser: config.uses_reasoning_parser,
      extraBody: config.extra_body,
      ...translateSettings(config),
      capability,
      onLoss: lossTeller(name, services),
    };
    const url = deploymentUrl(config.openai_base_url, config.openai_model, config.default_query ?? {});
    return httpModel({
      name,
      modelId: config.openai_model,
      url,
      endpoint: 'chat/completions',
      headers: authHeaders(capability, config.openai_api_key),
      write: (request, call) => requestToChat(request, { ...options, newId: replyIds(call, '') }),
      read: (body, request, reply, call) =>
        replyFromChat(body, request, {
          ...options,
          now: () => reply.receivedAt,
          newId: replyIds(call, reply.text),
        }),
      gateway: {
        upstream: 'chat',
        streams: canStream(config.openai_base_url, services),
        // As in the rows: a reply is as old as its arrival here.
        translate: { ...options, now: () => services.clock.now() },
      },
      hold: config.stream_upstream === true,
      transport: openTransport(name, config, services, config.num_concurrent_requests),
    });
  },
});
