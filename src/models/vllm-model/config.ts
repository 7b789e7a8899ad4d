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

/** The reference's keys; those that need a tokenizer in this process are known but refused. */
export const schema = z.object({
  ...operational({
    /** One engine or several; an episode stays with one of them. */
    base_url: z.union([
      baseUrl.transform((url) => [url]),
      z.array(baseUrl).min(1, { error: 'must not be empty' }),
    ]),
    api_key: apiKey,
    default_headers: headers,
    /** Ours: most requests at a time. The reference has no limit here. */
    num_concurrent_requests: positiveInt.nullish().transform((value) => value ?? 1000),
  }),
  model: text,
  return_token_id_information: flag(false),
  request_prompt_and_generation_token_ids: flag(false),
  uses_reasoning_parser: flag(true),
  uses_interleaved_reasoning: flag(true),
  preserve_reasoning_in_assistant_content: flag(false),
  replace_developer_role_with_system: flag(false),
  sequential_reasoning_allowed: flag(true),
  is_responses_native: flag(false),
  chat_template_kwargs: dict,
  sampling_overrides: dict,
  extra_body: dict,
  audio_root: text.nullish(),
  use_completions_api: flag(false),
  render_chat_template: z
    .literal(false, {
      error:
        'is not supported: a chat template needs a tokenizer. Use the chat API (use_completions_api: false)',
    })
    .nullish(),
  tokenizer: text.nullish(),
  ...transportFields,
});

export type VllmConfig = z.infer<typeof schema>;
