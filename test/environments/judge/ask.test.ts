import { describe, expect, it } from 'vitest';
import { askJudge, askJudgeByChat, messages } from '../../../src/environments/judge/ask.js';
import type { JudgeConfig } from '../../../src/environments/judge/config.js';
import { recorded } from '../../../src/environments/judge/record.js';
import type { EnvironmentContext } from '../../../src/environments/index.js';
import { CallFailure } from '../../../src/protocol/index.js';
import type { JsonObject, Model } from '../../../src/protocol/index.js';
import { call, services, textReply } from '../support.js';

const config: JudgeConfig = {
  judge_model_server: { name: 'judge' },
  judge_responses_create_params: { input: [], max_output_tokens: 5, temperature: 0, top_p: 0.5 },
};

function context(
  model: Partial<Model>,
  given = config,
  signal?: AbortSignal,
): EnvironmentContext<JudgeConfig> {
  const made = call(signal);
  const judge = {
    name: 'judge',
    modelId: 'j',
    respond: () => Promise.reject(new Error('not asked')),
    ...model,
  } as Model;
  return { config: given, call: made, signal: made.signal, services: { ...services, model: () => judge } };
}

const says = (text: string): string => JSON.stringify(textReply(text));

describe('asking a judge', () => {
  it('sends the settings of the block and the messages, and gives back both', async () => {
    const asked: [string, JsonObject][] = [];
    const exchange: Model['exchange'] = (dialect, body) => {
      asked.push([dialect, body]);
      return Promise.resolve({ text: says('yes') });
    };
    const { request, reply } = await askJudge(context({ exchange }), messages('Q', 'S'));
    const input = [
      { role: 'system', content: 'S' },
      { role: 'user', content: 'Q' },
    ];
    expect(asked).toEqual([['responses', { input, max_output_tokens: 5, temperature: 0, top_p: 0.5 }]]);
    expect(request).toEqual(asked[0]![1]);
    expect(reply.output).toEqual(textReply('yes').output);
    expect(messages('Q', '')).toEqual([{ role: 'user', content: 'Q' }]);
  });

  it('asks a model that has nothing but respond', async () => {
    const { reply } = await askJudge(
      context({ respond: () => Promise.resolve(textReply('x')) }),
      messages('Q'),
    );
    expect(reply).toEqual(textReply('x'));
    await expect(askJudgeByChat(context({}), messages('Q'))).rejects.toMatchObject({ kind: 'judge_failed' });
  });

  it('puts the settings into the words of Chat Completions', async () => {
    const bodies: JsonObject[] = [];
    const exchange: Model['exchange'] = (_, body) => {
      bodies.push(body);
      return Promise.resolve({ text: JSON.stringify({ choices: [{ message: { content: ' A ' } }] }) });
    };
    expect(await askJudgeByChat(context({ exchange }), messages('Q'))).toBe('A');
    const unset = { judge_model_server: { name: 'judge' } };
    expect(await askJudgeByChat(context({ exchange }, unset), messages('Q'))).toBe('A');
    expect(bodies.map(({ max_tokens, temperature, top_p }) => [max_tokens, temperature, top_p])).toEqual([
      [5, 0, 0.5],
      [64, 0, 1],
    ]);
  });

  it.each([
    ['refuses', () => Promise.reject(new CallFailure('auth', 'no key', { retryable: false })), false],
    ['answers with no JSON', () => Promise.resolve({ text: 'nope' }), true],
    ['answers with another object', () => Promise.resolve({ text: '{"x": 1}' }), true],
  ])('is a failure of the judge when it %s', async (_, exchange, retryable) => {
    const failure = await askJudge(context({ exchange }), messages('Q')).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: 'judge_failed', retryable });
  });

  it('passes the end of the episode on', async () => {
    const ended = new AbortController();
    const reason = new Error('over');
    ended.abort(reason);
    const asking = askJudge(context({}, config, ended.signal), messages('Q'));
    await expect(asking).rejects.toBe(reason);
  });

  it('keeps the limit of the block', async () => {
    let now = 0;
    let most = 0;
    const exchange: Model['exchange'] = async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return { text: says('x') };
    };
    const given = { ...config, judge_endpoint_max_concurrency: 2 };
    await Promise.all(Array.from({ length: 9 }, () => askJudge(context({ exchange }, given), messages('Q'))));
    expect(most).toBe(2);
  });

  it('writes an exchange with all fields of the reference', async () => {
    const asked = await askJudge(
      context({ exchange: () => Promise.resolve({ text: says('x') }) }),
      messages('Q'),
    );
    const { responses_create_params: request, response } = recorded(asked);
    expect(request).toMatchObject({ tool_choice: 'auto', tools: [], model: null, max_output_tokens: 5 });
    expect(request['input']).toEqual([{ role: 'user', content: 'Q', type: 'message', phase: null }]);
    expect(response).toMatchObject({
      error: null,
      moderation: null,
      output: [{ phase: null, content: [{ logprobs: null }] }],
    });
  });
});
