import type { Capability } from './capability.js';

type Difference = Partial<Capability> & Pick<Capability, 'name'>;

/** Function names as OpenAI and its close relatives accept them. */
const OPENAI_NAMES = { allowed: 'a-zA-Z0-9_-', max: 64 };

/**
 * One record per provider: only what differs from the generic one, with its source. [doc]: the maker's
 * documentation; [thread]: an issue or pull request, `owner#number` where kept; [inf]: inferred.
 */
export const RECORDS: readonly Difference[] = [
  {
    // [doc] platform reference: developer role, max_completion_tokens, 64-character names, call order enforced,
    // max_output_tokens >= 16 (cc-switch#7103), item id prefixes (sub2api#1505), standard error object.
    name: 'openai',
    hosts: ['api.openai.com'],
    reasoningHistory: 'drop',
    toolResults: 'adjacent',
    emptyAssistant: 'empty_string',
    maxTokensField: 'max_completion_tokens',
    minOutputTokens: 16,
    drop: ['top_k'],
    toolNames: OPENAI_NAMES,
    maxCallId: 64,
    strictItemIds: true,
  },
  {
    // [doc] Azure OpenAI v1: `api-key` header, otherwise as OpenAI; errors carry innererror.content_filter_result.
    name: 'azure',
    hosts: ['.openai.azure.com', '.cognitiveservices.azure.com', '.services.ai.azure.com'],
    authHeader: 'api-key',
    authTemplate: '{key}',
    reasoningHistory: 'drop',
    toolResults: 'adjacent',
    emptyAssistant: 'empty_string',
    minOutputTokens: 16,
    drop: ['top_k'],
    toolNames: OPENAI_NAMES,
    maxCallId: 64,
    strictItemIds: true,
    errors: ['{error:{message,type,param,code,innererror}}'],
  },
  {
    // [doc] Messages API: x-api-key, version header, names of 128 characters, results right after their calls.
    name: 'anthropic',
    hosts: ['api.anthropic.com'],
    authHeader: 'x-api-key',
    authTemplate: '{key}',
    headers: { 'anthropic-version': '2023-06-01' },
    toolResults: 'adjacent',
    toolNames: { allowed: 'a-zA-Z0-9_-', max: 128 },
    toolResultMedia: true,
    errors: ['{type:error,error:{type,message},request_id}'],
  },
  {
    // [doc] build.nvidia.com: reasoning_content; [thread] free-claude-code#30: {status,title} on 429.
    name: 'nvidia',
    hosts: ['integrate.api.nvidia.com', 'inference-api.nvidia.com'],
    reasoningHistory: 'reasoning_content',
    developerRole: false,
    allowedTools: false,
    errors: ['{status,title}', '{detail}', '{error:{message,type,param,code}}'],
  },
  {
    // [doc] NIM containers answer as vLLM does and need no key.
    name: 'nim',
    reasoningHistory: 'reasoning_content',
    developerRole: false,
    allowedTools: false,
    errors: ['{object:"error",message,…}', '{error:{message,type,param,code}}'],
  },
  {
    // [doc] vLLM: `reasoning` (new) and `reasoning_content` (old) (vllm#43395): both are sent, as the reference does.
    name: 'vllm',
    reasoningHistory: 'both_fields',
    allowedTools: false,
    errors: ['{error:{message,type,param,code:int}}', '{object:"error",message,…}'],
  },
  {
    // [doc] llama.cpp server; named tool_choice is treated as auto; strict templates want one system message first
    // (llama.cpp#20733).
    name: 'llamacpp',
    reasoningHistory: 'reasoning_content',
    systemFirst: true,
    developerRole: false,
    toolChoice: 'unnamed',
    allowedTools: false,
    errors: ['{error:{code:int,message,type}}'],
  },
  {
    // [doc] Baseten model APIs: {error:"text"}.
    name: 'baseten',
    hosts: ['inference.baseten.co'],
    reasoningHistory: 'reasoning_content',
    allowedTools: false,
    errors: ['{error:"text"}', '{error:{message,type,param,code}}'],
  },
  {
    // [thread] vercel/ai deepinfra provider: reasoning tokens of resold Gemini are outside completion_tokens, told
    // apart by the total (see usage.ts); truefoundry/models#862: busy errors.
    name: 'deepinfra',
    hosts: ['api.deepinfra.com'],
    reasoningHistory: 'reasoning_content',
    reasoningOutsideOutput: true,
    allowedTools: false,
    errors: ['{detail}', '{error:{message}}'],
  },
  {
    // [thread] baml#883: stream_options once refused; [doc] strict templates want the system message first.
    name: 'fireworks',
    hosts: ['api.fireworks.ai'],
    reasoningHistory: 'reasoning_content',
    systemFirst: true,
    developerRole: false,
    allowedTools: false,
    errors: ['{error:"text"}', '{error:{…,object:"error"}}', '{fault:{…}}', '{detail}'],
  },
  {
    // [doc] Friendli: reasoning_content (parse_reasoning, include_reasoning go through extra_body).
    name: 'friendli',
    hosts: ['api.friendli.ai'],
    reasoningHistory: 'reasoning_content',
    allowedTools: false,
    errors: ['{message}', '{error:{message,type,param,code}}'],
  },
  {
    // [thread] Gemini's compatibility layer: array-wrapped errors (openclaude#67), thought signatures on calls
    // (pi#6733), function response must follow its call; reasoning tokens outside completion_tokens (vercel/ai).
    name: 'gemini',
    hosts: ['generativelanguage.googleapis.com'],
    reasoningHistory: 'drop',
    toolResults: 'adjacent',
    developerRole: false,
    emptyAssistant: 'empty_string',
    emptyArguments: '{}',
    drop: ['metadata', 'store', 'service_tier', 'user'],
    allowedTools: false,
    toolNames: { allowed: 'a-zA-Z0-9_.:-', max: 64 },
    reasoningOutsideOutput: true,
    errors: ['[{error:{code,message,status,details}}]'],
  },
  {
    // [doc] Hugging Face router: many providers behind one host; {error:"text"} or an object, 402 without credit.
    name: 'huggingface',
    hosts: ['router.huggingface.co'],
    developerRole: false,
    allowedTools: false,
    errors: ['{error:"text"}', '{error:{message,type,code}}'],
  },
  {
    // [thread] dirac#215: index of tool deltas does not match (the reader does not rely on it).
    name: 'nebius',
    hosts: ['api.tokenfactory.nebius.com', 'api.studio.nebius.ai', 'api.studio.nebius.com'],
    reasoningHistory: 'reasoning_content',
    allowedTools: false,
    errors: ['{detail}', '{error:{message,type,param,code}}'],
  },
  {
    // [doc] OpenRouter: reasoning_details go back unchanged; errors inside 200 bodies; comments keep streams alive.
    name: 'openrouter',
    hosts: ['openrouter.ai'],
    reasoningHistory: 'reasoning_details',
    toolResults: 'adjacent',
    emptyArguments: '{}',
    toolNames: OPENAI_NAMES,
    errors: ['{error:{code:int,message,metadata:{provider_name,raw}}}'],
  },
  {
    // [doc] Together: `reasoning` on some models; 503 at capacity.
    name: 'together',
    hosts: ['api.together.xyz', 'api.together.ai'],
    reasoningHistory: 'reasoning',
    developerRole: false,
    allowedTools: false,
    errors: ['{error:{message,type,param,code}}', 'text'],
  },
  {
    // [thread] openai-agents-python#442: stream_options refused; [doc] call ids of nine characters, 422 on unknown keys.
    name: 'mistral',
    hosts: ['api.mistral.ai'],
    reasoningHistory: 'drop',
    toolResults: 'adjacent',
    developerRole: false,
    emptyAssistant: 'empty_string',
    emptyArguments: '{}',
    drop: ['store', 'user', 'service_tier', 'top_k', 'verbosity', 'logprobs', 'top_logprobs'],
    rename: { seed: 'random_seed' },
    allowedTools: false,
    toolNames: OPENAI_NAMES,
    maxCallId: 9,
    streamUsage: false,
    errors: ['{object:"error",message:{detail:[…]}}'],
  },
  {
    // [doc] DeepSeek: reasoning_content must come back on tool turns (LibreChat#13366); results follow their calls
    // (DeepSeek-V3#1588).
    name: 'deepseek',
    hosts: ['api.deepseek.com'],
    reasoningHistory: 'reasoning_content',
    toolResults: 'adjacent',
    developerRole: false,
    emptyAssistant: 'empty_string',
    allowedTools: false,
    toolNames: OPENAI_NAMES,
  },
];
