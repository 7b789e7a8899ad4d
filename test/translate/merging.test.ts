import { describe, expect, it } from 'vitest';
import type { JsonObject, ResponsesRequest } from '../../src/protocol/index.js';
import { countingIds } from '../../src/protocol/index.js';
import {
  expandRequest,
  foldReasoning,
  replyFromResponses,
  requestAsResponses,
  requestToChat,
  requestToResponses,
} from '../../src/translate/index.js';
import { translated } from './support.js';

const newId = countingIds();
const sent = (request: object, options = {}): JsonObject =>
  requestToChat({ input: 'q', ...request }, { newId, ...options });

describe('what is merged into a request', () => {
  it('the configured model wins over everything, the request over extraBody, one level deep', () => {
    const extraBody = { model: 'x', temperature: 0.1, top_p: 0.2, nested: { a: 1 } };
    const body = sent({ model: 'client', temperature: 0.9 }, { model: 'mine', extraBody });
    expect(body).toMatchObject({ model: 'mine', temperature: 0.9, top_p: 0.2, nested: { a: 1 } });
    expect(sent({ temperature: null }, { extraBody })['temperature']).toBeNull();
    const upstream = requestToResponses(
      { input: 'q' },
      { model: 'mine', extraBody: { max_output_tokens: null } },
    );
    expect(upstream).toEqual({ input: 'q', model: 'mine', max_output_tokens: null });
  });

  it('sampling overrides come last', () => {
    expect(sent({ temperature: 1 }, { samplingOverrides: { temperature: 0 } })['temperature']).toBe(0);
  });

  it('metadata.extra_body and chat_template_kwargs of the vLLM family', () => {
    const metadata = {
      extra_body: '{"seed":7,"top_k":1}',
      chat_template_kwargs: '{"thinking":false}',
      kept: 'yes',
    };
    const options = {
      metadataExtraBody: true,
      extraBody: { top_k: 9, min_p: 0.1 },
      chatTemplateKwargs: { thinking: true, style: 'a' },
    };
    expect(sent({ metadata }, options)).toMatchObject({
      seed: 7,
      top_k: 1,
      min_p: 0.1,
      chat_template_kwargs: { thinking: false, style: 'a' },
      metadata: { kept: 'yes' },
    });
    expect(sent({ metadata: { extra_body: '{}' } }, options)).not.toHaveProperty('metadata');
    expect(() => sent({ metadata: { extra_body: 'nope' } }, options)).toThrow(/metadata\.extra_body/);
    expect(sent({ metadata })['metadata']).toEqual(metadata);
  });

  it('drops reasoning items where the upstream is said to refuse them, and the status of the others', () => {
    const reasoning = { type: 'reasoning', id: 'rs_1', summary: [], status: null };
    const request = { input: [{ role: 'user', content: 'q' }, reasoning] } as unknown as ResponsesRequest;
    expect(requestToResponses(request, { dropReasoning: true })['input']).toHaveLength(1);
    expect((requestToResponses(request, {})['input'] as JsonObject[])[1]).toEqual({
      type: 'reasoning',
      id: 'rs_1',
      summary: [],
    });
  });

  it('thinking effort for Messages upstreams leaves room for the answer', () => {
    const body = translated('responses', 'messages', {
      input: 'q',
      reasoning: { effort: 'high' },
      max_output_tokens: 100,
    });
    expect(body).toMatchObject({ thinking: { type: 'enabled', budget_tokens: 16_384 }, max_tokens: 16_484 });
    const back = {
      messages: [{ role: 'user', content: 'q' }],
      max_tokens: 9000,
      thinking: { type: 'enabled', budget_tokens: 8000 },
    };
    expect(translated('messages', 'chat', back)['reasoning_effort']).toBe('medium');
  });
});

describe('stored forms', () => {
  it('requestAsResponses carries what Responses lacks to an upstream that has it', () => {
    const body = {
      messages: [{ role: 'user', content: 'q' }],
      stop: 'END',
      seed: 7,
      n: 2,
      presence_penalty: 0.5,
    };
    const request = requestAsResponses('chat', body, { newId });
    expect(requestToChat(request, { newId })).toMatchObject({
      stop: ['END'],
      seed: 7,
      n: 2,
      presence_penalty: 0.5,
    });
  });

  it('expandRequest writes every known field in order, then unknown ones, and types messages', () => {
    const row = expandRequest({ input: [{ role: 'user', content: 'q' }], temperature: 0.5, seed: 1 });
    expect(Object.keys(row).slice(0, 4)).toEqual(['background', 'include', 'input', 'instructions']);
    expect(Object.keys(row).slice(-2)).toEqual(['stream', 'seed']);
    expect(row).toMatchObject({
      input: [{ content: 'q', role: 'user', type: 'message' }],
      temperature: 0.5,
      tools: [],
      tool_choice: 'auto',
      parallel_tool_calls: true,
      model: null,
    });
  });

  it('replyFromResponses fills what is missing and keeps what it does not know', () => {
    const reply = replyFromResponses({
      id: 'r',
      output: [{ type: 'new_item', x: 1 }],
      usage: { input_tokens: 1, output_tokens: 2 },
      extra: true,
    });
    expect(reply).toMatchObject({
      object: 'response',
      error: null,
      instructions: null,
      extra: true,
      output: [{ type: 'new_item', x: 1 }],
      usage: {
        input_tokens_details: { cached_tokens: null },
        output_tokens_details: { reasoning_tokens: null },
        total_tokens: 3,
      },
    });
  });

  it.each([
    ['garbage_reply', 'text'],
    ['garbage_reply', {}],
    ['garbage_reply', { output: [{}] }],
    ['garbage_reply', { output: [{ type: 'function_call', name: 'f', arguments: '{}' }] }],
    ['in_band_error', { error: { message: 'x' } }],
    ['in_band_error', { status: 'failed', output: [] }],
  ])('%s for %j', (kind, body) => {
    expect(() => replyFromResponses(body)).toThrow(expect.objectContaining({ kind }));
  });

  it('foldReasoning puts the reasoning field into the text, as Chat clients of the reference expect it', () => {
    const reply = {
      choices: [{ index: 0, message: { role: 'assistant', content: 'a', reasoning_content: 'why' } }],
    };
    expect(foldReasoning(reply)).toEqual({
      choices: [{ index: 0, message: { role: 'assistant', content: '<think>why</think>a' } }],
    });
    const history = [{ role: 'assistant', content: '<think>why</think>a' }];
    const body = { messages: history };
    const back = (reasoningHistory: 'reasoning_content' | 'drop' | 'think_tags') =>
      (
        translated('chat', 'chat', body, { usesReasoningParser: true, reasoningHistory })[
          'messages'
        ] as JsonObject[]
      )[0];
    expect(back('reasoning_content')).toEqual({ role: 'assistant', content: 'a', reasoning_content: 'why' });
    expect(back('drop')).toEqual({ role: 'assistant', content: 'a' });
    expect(back('think_tags')).toEqual(history[0]);
  });
});
