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

/** The keys of `openai_model` and `litellm_model`. */
export const schema = z.object({
  openai_base_url: baseUrl,
  openai_api_key: apiKey,
  openai_model: text,
  extra_body: dict,
  openai_default_headers: headers,
  /** Null: as many as there are episodes, up to a bound that spares the sockets. */
  max_concurrent_requests: positiveInt.nullish(),
  drop_input_reasoning_items: flag(false),
  ...transportFields,
});

export type OpenAiModelConfig = z.infer<typeof schema>;
