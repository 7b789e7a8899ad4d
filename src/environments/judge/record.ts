import { isObject } from '../../protocol/index.js';
import type { JsonObject, ResponsesReply } from '../../protocol/index.js';
import type { Asked, AskedByChat } from './ask.js';

/*
 * What was asked and answered, as the reference writes it into rollouts: with every field of its models, those that
 * were not set as null or as their defaults.
 */

const nulls = (names: string): JsonObject => Object.fromEntries(names.split(' ').map((name) => [name, null]));

const REQUEST: JsonObject = {
  ...nulls(
    'background include input instructions max_output_tokens max_tool_calls metadata model previous_response_id prompt ' +
      'reasoning service_tier store context_management conversation moderation prompt_cache_key ' +
      'prompt_cache_retention safety_identifier stream_options temperature text top_logprobs top_p truncation user stream',
  ),
  parallel_tool_calls: true,
  tool_choice: 'auto',
  tools: [],
};

const REPLY = nulls(
  'error incomplete_details instructions metadata temperature top_p background completed_at conversation ' +
    'max_output_tokens max_tool_calls moderation previous_response_id prompt prompt_cache_key prompt_cache_retention ' +
    'reasoning safety_identifier service_tier status text top_logprobs truncation usage user',
);

const ITEMS: Readonly<Record<string, JsonObject>> = {
  message: { phase: null },
  reasoning: { content: null, encrypted_content: null },
  function_call: { id: null, status: null, namespace: null },
};

/** One exchange with a judge, as a key of a verdict. */
export function recorded({ request, reply }: Asked): {
  responses_create_params: JsonObject;
  response: JsonObject;
} {
  return { responses_create_params: recordedRequest(request), response: recordedReply(reply) };
}

export function recordedRequest(request: JsonObject): JsonObject {
  const input = request['input'] as JsonObject[];
  return { ...REQUEST, ...request, input: input.map((item) => ({ type: 'message', phase: null, ...item })) };
}

function recordedReply(reply: ResponsesReply): JsonObject {
  const given = reply as unknown as JsonObject;
  const output = (given['output'] as JsonObject[]).map(recordedItem);
  const { reasoning } = given;
  return {
    ...REPLY,
    ...given,
    ...(isObject(reasoning) && { reasoning: { context: null, ...reasoning } }),
    output,
  };
}

function recordedItem(item: JsonObject): JsonObject {
  const { content } = item;
  const parts = Array.isArray(content)
    ? content.map((part) =>
        isObject(part) && part['type'] === 'output_text' ? { logprobs: null, ...part } : part,
      )
    : content;
  return { ...ITEMS[item['type'] as string], ...item, ...(content !== undefined && { content: parts! }) };
}

const CHAT_REQUEST: JsonObject = {
  ...nulls(
    'model audio frequency_penalty logit_bias logprobs max_completion_tokens max_tokens metadata moderation modalities n ' +
      'prediction presence_penalty prompt_cache_key prompt_cache_retention reasoning_effort response_format seed ' +
      'safety_identifier service_tier stop store stream_options temperature tool_choice tools top_logprobs top_p user ' +
      'verbosity web_search_options stream chat_template_kwargs thinking output_config',
  ),
  parallel_tool_calls: true,
};
const CHAT_REPLY = nulls('moderation service_tier system_fingerprint usage');
const CHAT_MESSAGE = nulls('content refusal annotations audio function_call tool_calls');
const CHAT_USAGE = nulls('completion_tokens_details prompt_tokens_details');

/** One exchange with a judge by Chat Completions. */
export function recordedChat({ request, reply }: AskedByChat): { request: JsonObject; response: JsonObject } {
  const { choices, usage } = reply;
  const made = (choices as JsonObject[]).map((choice) => ({
    logprobs: null,
    ...choice,
    message: { ...CHAT_MESSAGE, ...(choice['message'] as JsonObject) },
  }));
  const response = { ...CHAT_REPLY, ...reply, choices: made };
  return {
    request: { ...CHAT_REQUEST, ...request },
    response: isObject(usage) ? { ...response, usage: { ...CHAT_USAGE, ...usage } } : response,
  };
}
