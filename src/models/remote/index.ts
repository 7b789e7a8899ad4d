import { z } from 'zod';
import type { JsonObject, Model } from '../../protocol/index.js';
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

/** Every model server has a face for Chat Completions: who asks in that dialect is answered by it, untranslated. */
function askedInChatToo(responses: Model, make: () => Promise<Model>): Model {
  let chat: Promise<Model> | undefined;
  return Object.create(responses, {
    exchange: {
      value: async (...[dialect, body, call]: Parameters<NonNullable<Model['exchange']>>) => {
        const asked = dialect === 'chat' ? await (chat ??= make()) : responses;
        return asked.exchange!(dialect, body, call);
      },
    },
    close: {
      value: async () => {
        await responses.close();
        await (await chat)?.close();
      },
    },
  }) as Model;
}

/** A model server of ours or of the reference's that runs elsewhere, whatever its implementation is called. */
export const modelType: ModelType = defineModelType({
  type: 'remote',
  schema,
  async create(name, config, services) {
    const { base_url: url, server_token: token, model, ...transport } = config;
    const root = url.replace(/\/+$/, '');
    const v1 = root.endsWith('/v1') ? root : `${root}/v1`;
    const block = {
      openai_base_url: v1,
      openai_api_key: token ?? '',
      openai_model: model ?? name,
      // What is not known stays so in the rows that are made of its replies.
      openai_default_headers: USAGE_AS_KNOWN,
      ...transport,
    };
    const responses = await responsesModel(name, openAiSchema.parse(block), services);
    return askedInChatToo(responses, async () => {
      const { modelType: chat } = await import('../inference-provider/index.js');
      const asked = { ...transport, base_url: v1, api_key: token ?? '', model: model ?? name };
      return chat.create(name, asked as unknown as JsonObject, services);
    });
  },
});
