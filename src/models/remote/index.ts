import { z } from 'zod';
import { USAGE_AS_KNOWN } from '../../protocol/index.js';
import { apiKey, baseUrl, text, transportFields } from '../config-fields.js';
import type { ModelType } from '../model-type.js';
import { defineModelType } from '../model-type.js';
import { operational } from '../operational.js';
import { responsesModel, schema as openAiSchema } from '../openai-model/index.js';

const schema = z.object({
  ...operational({ base_url: baseUrl, server_token: apiKey.nullish() }),
  /** The far end's configured model replaces whatever is asked for, so this is only a name. */
  model: text.nullish(),
  ...transportFields,
});

/** A model server of ours or of the reference's that runs elsewhere, whatever its implementation is called. */
export const modelType: ModelType = defineModelType({
  type: 'remote',
  schema,
  create(name, config, services) {
    const { base_url: url, server_token: token, model, ...transport } = config;
    const root = url.replace(/\/+$/, '');
    const block = {
      openai_base_url: root.endsWith('/v1') ? root : `${root}/v1`,
      openai_api_key: token ?? '',
      openai_model: model ?? name,
      // What is not known stays so in the rows that are made of its replies.
      openai_default_headers: USAGE_AS_KNOWN,
      ...transport,
    };
    return responsesModel(name, openAiSchema.parse(block), services);
  },
});
