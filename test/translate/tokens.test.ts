import { describe, expect, it } from 'vitest';
import type { CallFailure, JsonObject, ResponsesRequest } from '../../src/protocol/index.js';
import { countingIds } from '../../src/protocol/index.js';
import { openExchange, replyFromChat, requestToChat } from '../../src/translate/index.js';

const newId = countingIds();
const BUNDLE = { prompt_token_ids: [1, 2], generation_token_ids: [3, 4], generation_log_probs: [-0.1, -0.2] };
const logprobs = {
  content: [
    { token: 'token_id:3', logprob: -0.1 },
    { token: 'token_id:4', logprob: -0.2 },
  ],
};
const chat = (message: JsonObject, choice: JsonObject = {}, body: JsonObject = {}): JsonObject => ({
  choices: [{ message: { role: 'assistant', ...message }, finish_reason: 'stop', ...choice }],
  ...body,
});
const read = (body: JsonObject, options = {}) =>
  replyFromChat(body, { input: 'q' }, { newId, tokenIds: true, ...options });

describe('token ids', () => {
  it('are asked for in the way of the vLLM family', () => {
    const body = requestToChat(
      { input: 'q', top_logprobs: 5 },
      { newId, tokenIds: true, requestTokenIds: true },
    );
    expect(body).toMatchObject({
      logprobs: true,
      top_logprobs: 0,
      return_tokens_as_token_ids: true,
      return_token_ids: true,
    });
    const many = { input: 'q', n: 2 } as unknown as ResponsesRequest;
    expect(() => requestToChat(many, { newId, tokenIds: true })).toThrow(/n: must be 1/);
  });

  it('end on the last item of the call', () => {
    const calls = [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }];
    const { output } = read(chat({ content: 'text', tool_calls: calls, ...BUNDLE }));
    expect(output).toHaveLength(2);
    expect(output[0]).not.toHaveProperty('prompt_token_ids');
    expect(output[1]).toMatchObject({ type: 'function_call', ...BUNDLE, routed_experts: null });
  });

  it('are made from log-probabilities and prompt ids', () => {
    const { output } = read(
      chat({ content: 'text' }, { logprobs, token_ids: [3, 4] }, { prompt_token_ids: [1, 2] }),
    );
    expect(output[0]).toMatchObject(BUNDLE);
    expect(output[0]).toMatchObject({ content: [{ logprobs: null }] });
  });

  it.each<[string, JsonObject]>([
    ['nothing', chat({ content: 'x' })],
    ['no prompt ids', chat({ content: 'x' }, { logprobs })],
    ['part of the bundle', chat({ content: 'x', prompt_token_ids: [1] })],
    ['unequal lengths', chat({ content: 'x', ...BUNDLE, generation_log_probs: [-1] })],
    [
      'tokens without ids',
      chat(
        { content: 'x' },
        { logprobs: { content: [{ token: 'a', logprob: -1 }] } },
        { prompt_token_ids: [1] },
      ),
    ],
    [
      'two different lists',
      chat({ content: 'x' }, { logprobs, token_ids: [9, 9] }, { prompt_token_ids: [1] }),
    ],
  ])('asked for and missing is an error: %s', (_, body) => {
    try {
      read(body);
      expect.unreachable();
    } catch (error) {
      expect((error as CallFailure).kind).toBe('token_ids_missing');
    }
  });

  it('go back with the history when capture is on, and only then', () => {
    const items = [
      { role: 'user', content: 'q' },
      {
        type: 'message',
        role: 'assistant',
        id: 'msg_1',
        content: [{ type: 'output_text', text: 'a' }],
        ...BUNDLE,
      },
      { role: 'user', content: 'r' },
      { type: 'message', role: 'assistant', id: 'msg_2', content: [{ type: 'output_text', text: 'b' }] },
    ];
    const request = { input: items } as unknown as ResponsesRequest;
    const messages = (tokenIds: boolean) =>
      requestToChat(request, { newId, tokenIds })['messages'] as JsonObject[];
    expect(messages(true)[1]).toMatchObject(BUNDLE);
    expect(messages(true)[3]).not.toHaveProperty('prompt_token_ids');
    expect(messages(false)[1]).not.toHaveProperty('prompt_token_ids');
  });

  it('cannot be captured from a stream, which is said at once', () => {
    const options = { client: 'responses', upstream: 'chat', newId, tokenIds: true } as const;
    expect(() => openExchange({ input: 'q', stream: true }, options)).toThrow(/stream: token ids/);
  });

  it('that nobody asked for stay on the item', () => {
    expect(read(chat({ content: 'x', ...BUNDLE }), { tokenIds: false }).output[0]).toMatchObject(BUNDLE);
  });
});
