import type { Item, ResponsesReply, Usage } from '../../protocol/index.js';
import { isObject } from '../../protocol/index.js';
import { count } from '../chat/usage.js';
import { garbage } from '../failures.js';
import { throwInBandError } from '../in-band.js';

/** Usage of a Responses reply, details that were not reported as null; null when it has no totals. */
export function normalUsage(value: unknown): Usage | null {
  if (!isObject(value)) return null;
  const input = count(value['input_tokens']);
  const output = count(value['output_tokens']);
  if (input === null || output === null) return null;
  const inputDetails = isObject(value['input_tokens_details']) ? value['input_tokens_details'] : {};
  const outputDetails = isObject(value['output_tokens_details']) ? value['output_tokens_details'] : {};
  return {
    ...value,
    input_tokens: input,
    input_tokens_details: { ...inputDetails, cached_tokens: count(inputDetails['cached_tokens']) },
    output_tokens: output,
    output_tokens_details: { ...outputDetails, reasoning_tokens: count(outputDetails['reasoning_tokens']) },
    total_tokens: count(value['total_tokens']) ?? input + output,
  };
}

/** Keys that a stored reply always has, with what stands for absence; the order is the reference's. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  id: '',
  created_at: 0,
  error: null,
  incomplete_details: null,
  instructions: null,
  metadata: null,
  model: '',
  object: 'response',
  output: [],
  parallel_tool_calls: true,
  temperature: null,
  tool_choice: 'auto',
  tools: [],
  top_p: null,
  background: null,
  conversation: null,
  max_output_tokens: null,
  max_tool_calls: null,
  previous_response_id: null,
  prompt: null,
  prompt_cache_key: null,
  reasoning: null,
  safety_identifier: null,
  service_tier: null,
  status: null,
  text: null,
  top_logprobs: null,
  truncation: null,
  usage: null,
  user: null,
};

function checkItem(item: unknown, i: number): void {
  if (!isObject(item) || typeof item['type'] !== 'string') throw garbage(`output[${i}] has no type`);
  if (item['type'] !== 'function_call') return;
  for (const key of ['call_id', 'name', 'arguments']) {
    if (typeof item[key] !== 'string') throw garbage(`output[${i}].${key} is missing in a function call`);
  }
}

/**
 * Reads a whole Responses reply leniently: unknown fields and item types are kept, missing fields become null.
 * Throws {@link CallFailure} `in_band_error` for an error or a failed response, `garbage_reply` for anything
 * that is not a response.
 */
export function readResponsesReply(body: unknown): ResponsesReply {
  if (!isObject(body)) throw garbage('the body is not a JSON object');
  throwInBandError(body);
  if (!Array.isArray(body['output'])) throw garbage('there is no output');
  body['output'].forEach(checkItem);
  if (body['status'] === 'failed' || body['status'] === 'cancelled') {
    throwInBandError({ error: { message: `the response is ${body['status']}` } });
  }
  const reply = { ...DEFAULTS, ...body, usage: normalUsage(body['usage']), object: 'response' as const };
  return {
    ...reply,
    output: body['output'] as unknown as Item[],
    id: typeof body['id'] === 'string' ? body['id'] : '',
    model: typeof body['model'] === 'string' ? body['model'] : '',
    created_at: typeof body['created_at'] === 'number' ? body['created_at'] : 0,
    incomplete_details: isObject(body['incomplete_details'])
      ? (body['incomplete_details'] as { reason: string | null })
      : null,
    error: null,
    status: typeof body['status'] === 'string' ? body['status'] : null,
  };
}
