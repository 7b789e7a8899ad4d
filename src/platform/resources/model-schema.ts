import {
  anything,
  boolean,
  integer,
  list,
  map,
  nullable,
  number,
  object,
  oneOf,
  optional,
  required,
  text,
  url,
} from '../schema/index.js';

export const BACKEND_FORMATS = ['OPENAI_CHAT', 'ANTHROPIC_MESSAGES'];

export const FINETUNING_TYPES = [
  'lora_merged',
  'all_weights',
  'last_layer',
  'top_layers',
  'gradual_unfreezing',
  'bias_only',
  'attention_only',
  'lora',
  'qlora',
  'adalora',
  'dora',
  'lora_plus',
  'prompt_tuning',
  'prefix_tuning',
  'p_tuning',
  'p_tuning_v2',
  'soft_prompt',
  'ppo',
  'dpo',
  'cdpo',
  'ipo',
  'orpo',
  'kto',
  'rrhf',
  'grpo',
];

const maybeInteger = optional(nullable(integer()));
const maybeText = optional(nullable(text()));

export const TOOL_CALLS = object({
  tool_call_parser: optional(nullable(text({ max: 255 }))),
  tool_call_plugin: optional(nullable(text({ max: 255 }))),
  auto_tool_choice: optional(nullable(boolean)),
});

const EXPERTS = object({
  num_experts: required(integer()),
  num_experts_per_tok: required(integer()),
  num_expert_layers: required(integer()),
  expert_ffn_size: maybeInteger,
  num_shared_experts: optional(integer(), 0),
});

const MAMBA = object({
  is_hybrid: required(boolean),
  num_mamba_layers: required(integer()),
  num_attention_layers: optional(integer(), 0),
  num_mlp_layers: optional(integer(), 0),
  state_size: optional(integer(), 16),
  conv_kernel: optional(integer(), 4),
});

const LAYER = object({
  name: required(text()),
  in_features: required(integer()),
  out_features: required(integer()),
});

const SPEC = object({
  context_size: maybeInteger,
  num_virtual_tokens: maybeInteger,
  is_chat: optional(nullable(boolean)),
  head_type: optional(
    oneOf(['causal_lm', 'embedding', 'cross_encoder', 'unknown'], 'literal_error'),
    'unknown',
  ),
  is_embedding_model: optional(boolean, false),
  checkpoint_model_name: required(text()),
  family: required(text()),
  num_layers: required(integer()),
  hidden_size: required(integer()),
  num_attention_heads: required(integer()),
  num_kv_heads: required(integer()),
  ffn_hidden_size: required(integer()),
  vocab_size: required(integer()),
  tied_embeddings: required(boolean),
  gated_mlp: required(boolean),
  base_num_parameters: required(integer()),
  precision: required(text()),
  moe_config: optional(nullable(EXPERTS)),
  mamba_config: optional(nullable(MAMBA)),
  sliding_window_config: optional(nullable(object({ window_size: required(integer()) }))),
  linear_layers: optional(nullable(list(LAYER))),
  chat_template: maybeText,
  tool_call_config: optional(nullable(TOOL_CALLS)),
  minimum_gpus_all_weights: maybeInteger,
  minimum_gpus_lora: maybeInteger,
});

/** Parameters of a request; others may be among them. */
export const INFERENCE_PARAMS = object(
  {
    model: maybeText,
    temperature: optional(nullable(number({ ge: 0, le: 2 }))),
    max_tokens: optional(nullable(integer({ ge: 1 }))),
    max_completion_tokens: optional(nullable(integer({ ge: 1 }))),
    top_p: optional(nullable(number({ ge: 0, le: 1 }))),
    stop: optional(nullable(list(text()))),
  },
  { others: 'keep' },
);

const PROMPT = object({
  system_prompt: maybeText,
  icl_few_shot_examples: maybeText,
  inference_params: optional(nullable(INFERENCE_PARAMS)),
  system_prompt_template: maybeText,
});

const ENDPOINT = object({
  url: optional(nullable(url)),
  model_id: maybeText,
  api_key: maybeText,
  format: maybeText,
});

/** What a model entity has that can also be changed. */
export const MODEL_FIELDS = {
  spec: optional(nullable(SPEC)),
  finetuning_type: optional(nullable(oneOf(FINETUNING_TYPES))),
  fileset: maybeText,
  base_model: maybeText,
  api_endpoint: optional(nullable(ENDPOINT)),
  backend_format: optional(nullable(oneOf(BACKEND_FORMATS))),
  prompt: optional(nullable(PROMPT)),
  custom_fields: optional(nullable(map(anything))),
  ownership: optional(nullable(map(anything))),
  model_providers: optional(nullable(list(text()))),
};
