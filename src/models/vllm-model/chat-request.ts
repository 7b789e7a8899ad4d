import type { JsonObject, ResponsesRequest } from '../../protocol/index.js';
import { CallFailure, isObject } from '../../protocol/index.js';
import type { ReasoningHistory, TranslateOptions } from '../../translate/index.js';
import { requestToChat } from '../../translate/index.js';
import { translateSettings } from '../config-fields.js';
import type { VllmConfig } from './config.js';

/** How earlier reasoning goes back to the engine, from the reference's three switches. */
export function reasoningHistory(config: VllmConfig): ReasoningHistory {
  if (!config.uses_reasoning_parser || config.preserve_reasoning_in_assistant_content) return 'think_tags';
  return config.uses_interleaved_reasoning ? 'both_fields' : 'drop';
}

/** A JSON object that a row gives as text in its metadata. */
function fromMetadata(request: ResponsesRequest, key: string): JsonObject {
  const given = request.metadata?.[key];
  if (given === undefined) return {};
  try {
    const value = JSON.parse(given) as unknown;
    if (isObject(value)) return value;
  } catch {
    // Refused below.
  }
  throw new CallFailure('row_invalid', `metadata.${key} is not the JSON text of an object`, {
    retryable: false,
  });
}

/** What makes vLLM return the exact tokens; wins over whatever the row asks. */
function captureFlags(config: VllmConfig): JsonObject {
  if (!config.return_token_id_information) return {};
  return {
    logprobs: true,
    top_logprobs: 0,
    return_tokens_as_token_ids: true,
    ...(config.request_prompt_and_generation_token_ids && { return_token_ids: true }),
  };
}

/** Chat body for a vLLM engine, in the reference's order of precedence. */
export function chatRequest(
  request: ResponsesRequest,
  config: VllmConfig,
  options: Pick<TranslateOptions, 'newId' | 'capability' | 'onLoss'>,
): JsonObject {
  const templateKwargs = {
    ...config.chat_template_kwargs,
    ...fromMetadata(request, 'chat_template_kwargs'),
  };
  const body = requestToChat(request, {
    model: config.model,
    usesReasoningParser: config.uses_reasoning_parser,
    reasoningHistory: reasoningHistory(config),
    extraBody: { ...config.extra_body, ...fromMetadata(request, 'extra_body') },
    tokenIds: config.return_token_id_information,
    ...translateSettings(config),
    ...options,
  });
  if (body['top_logprobs'] === null) delete body['top_logprobs'];
  if (Object.keys(templateKwargs).length > 0) body['chat_template_kwargs'] = templateKwargs;
  if (config.replace_developer_role_with_system) renameDeveloper(body);
  Object.assign(body, captureFlags(config), config.sampling_overrides);
  refuseSeveralChoices(body, config);
  return body;
}

/** Changes the body in place. */
export function renameDeveloper(body: JsonObject): void {
  if (!Array.isArray(body['messages'])) return;
  body['messages'] = body['messages'].map((message) =>
    isObject(message) && message['role'] === 'developer' ? { ...message, role: 'system' } : message,
  );
}

function refuseSeveralChoices(body: JsonObject, config: VllmConfig): void {
  const { n } = body;
  if (!config.return_token_id_information || n === undefined || n === null || n === 1) return;
  throw new CallFailure(
    'untranslatable',
    `n: ${JSON.stringify(n)} choices cannot be captured with token ids; only 1`,
    {
      status: 400,
      retryable: false,
    },
  );
}
