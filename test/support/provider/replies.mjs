import { countTokens } from './answers.mjs';
import { tokenIds } from './dialects.mjs';

/**
 * The whole reply object in the dialect of the request.
 *
 * @param {import('./provider.d.mts').ReadRequest} request
 * @param {import('./provider.d.mts').Answer} answer
 * @param {number} n number of the request, used in ids
 * @returns {any}
 */
export function wholeReply(request, answer, n) {
  return { chat, completions, responses, messages }[request.dialect](request, answer, n);
}

/** @param {import('./provider.d.mts').ReadRequest} request @param {import('./provider.d.mts').Answer} answer */
function usageOf(request, answer) {
  const reasoning = countTokens(answer.reasoning ?? '');
  const calls = (answer.toolCalls ?? []).reduce((sum, call) => sum + 4 + countTokens(call.arguments), 0);
  const output = reasoning + calls + countTokens(answer.text ?? '');
  return { input: request.promptTokens, output, reasoning, total: request.promptTokens + output };
}

/** @type {(r: import('./provider.d.mts').ReadRequest, a: import('./provider.d.mts').Answer, n: number) => any} */
function chat(request, answer, n) {
  const usage = usageOf(request, answer);
  const calls = answer.toolCalls ?? [];
  const text = answer.text ?? null;
  return {
    id: `chatcmpl-${n}`,
    object: 'chat.completion',
    created: 1_760_000_000,
    model: request.model,
    ...(request.body.return_token_ids === true && { prompt_token_ids: tokenIds(request.prompt) }),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text,
          ...(answer.reasoning !== undefined && { reasoning_content: answer.reasoning }),
          ...(calls.length > 0 && {
            tool_calls: calls.map((call, i) => ({ id: `call_${n}_${i}`, type: 'function', function: call })),
          }),
        },
        ...(request.body.logprobs === true && {
          logprobs: {
            content: tokenIds(text ?? '').map((id) => ({
              token: `token_id:${id}`,
              logprob: -id / 50_000,
              top_logprobs: [],
            })),
          },
        }),
        ...(request.body.return_token_ids === true && { token_ids: tokenIds(text ?? '') }),
        finish_reason: answer.finishReason ?? (calls.length > 0 ? 'tool_calls' : 'stop'),
      },
    ],
    usage: {
      prompt_tokens: usage.input,
      completion_tokens: usage.output,
      total_tokens: usage.total,
      ...(usage.reasoning > 0 && { completion_tokens_details: { reasoning_tokens: usage.reasoning } }),
    },
  };
}

/** @type {(r: import('./provider.d.mts').ReadRequest, a: import('./provider.d.mts').Answer, n: number) => any} */
function completions(request, answer, n) {
  const usage = usageOf(request, answer);
  return {
    id: `cmpl-${n}`,
    object: 'text_completion',
    created: 1_760_000_000,
    model: request.model,
    choices: [
      { index: 0, text: answer.text ?? '', logprobs: null, finish_reason: answer.finishReason ?? 'stop' },
    ],
    usage: { prompt_tokens: usage.input, completion_tokens: usage.output, total_tokens: usage.total },
  };
}

/** @type {(r: import('./provider.d.mts').ReadRequest, a: import('./provider.d.mts').Answer, n: number) => any} */
function responses(request, answer, n) {
  const usage = usageOf(request, answer);
  const output = [];
  if (answer.reasoning !== undefined) {
    output.push({
      id: `rs_${n}`,
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: answer.reasoning }],
    });
  }
  if (answer.text !== undefined) {
    output.push({
      id: `msg_${n}`,
      type: 'message',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: answer.text, annotations: [] }],
    });
  }
  (answer.toolCalls ?? []).forEach((call, i) =>
    output.push({
      id: `fc_${n}_${i}`,
      type: 'function_call',
      call_id: `call_${n}_${i}`,
      status: 'completed',
      ...call,
    }),
  );
  const incomplete = answer.finishReason === 'length';
  return {
    id: `resp_${n}`,
    object: 'response',
    created_at: 1_760_000_000,
    model: request.model,
    status: incomplete ? 'incomplete' : 'completed',
    incomplete_details: incomplete ? { reason: 'max_output_tokens' } : null,
    error: null,
    output,
    parallel_tool_calls: true,
    tool_choice: 'auto',
    tools: request.body.tools ?? [],
    usage: answer.usage ?? {
      input_tokens: usage.input,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: usage.output,
      output_tokens_details: { reasoning_tokens: usage.reasoning },
      total_tokens: usage.total,
    },
  };
}

/** @type {(r: import('./provider.d.mts').ReadRequest, a: import('./provider.d.mts').Answer, n: number) => any} */
function messages(request, answer, n) {
  const usage = usageOf(request, answer);
  const content = [];
  if (answer.reasoning !== undefined)
    content.push({ type: 'thinking', thinking: answer.reasoning, signature: `sig_${n}` });
  if (answer.text !== undefined) content.push({ type: 'text', text: answer.text });
  (answer.toolCalls ?? []).forEach((call, i) =>
    content.push({
      type: 'tool_use',
      id: `toolu_${n}_${i}`,
      name: call.name,
      input: JSON.parse(call.arguments),
    }),
  );
  return {
    id: `msg_${n}`,
    type: 'message',
    role: 'assistant',
    model: request.model,
    content,
    stop_reason: answer.finishReason === 'length' ? 'max_tokens' : answer.toolCalls ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: usage.input, output_tokens: usage.output },
  };
}
