import { z } from 'zod';
import {
  apiKey,
  baseUrl,
  dict,
  flag,
  headers,
  positiveInt,
  text,
  transportFields,
} from '../config-fields.js';
import { operational } from '../operational.js';

/** The keys of `openai_model` and `litellm_model`. */
export const schema = z.object({
  ...operational({
    openai_base_url: baseUrl,
    openai_api_key: apiKey,
    openai_default_headers: headers,
    /** Null: as many as there are episodes, up to a bound that spares the sockets. */
    max_concurrent_requests: positiveInt.nullish(),
  }),
  openai_model: text,
  extra_body: dict,
  drop_input_reasoning_items: flag(false),
  ...transportFields,
});

export type OpenAiModelConfig = z.infer<typeof schema>;
