import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { serveModel, UPSTREAMS } from './model-support.js';
import { Cleanup } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const WEATHER = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
const CALL = '[tool: get_weather {"city":"Paris"}] [answer: sunny]';

for (const upstream of UPSTREAMS) {
  describe(`the official openai client against a ${upstream} upstream`, () => {
    const client = async (options = {}) => {
      const served = await serveModel(cleanup, upstream, options);
      return { served, openai: new OpenAI({ baseURL: served.baseUrl, apiKey: 'none', maxRetries: 0 }) };
    };

    it('lists the configured model', async () => {
      const { openai } = await client();
      const models = await openai.models.list();
      expect(models.data.map(({ id }) => id)).toEqual(['configured']);
    });

    it('gets a whole chat completion, under the configured model', async () => {
      const { openai, served } = await client();
      const reply = await openai.chat.completions.create({
        model: 'whatever',
        messages: [{ role: 'user', content: '[answer: hello there]' }],
      });
      expect(reply.choices[0]!.message.content).toBe('hello there');
      expect(reply.choices[0]!.finish_reason).toBe('stop');
      expect(reply.usage!.total_tokens).toBeGreaterThan(0);
      expect(served.provider.requests[0]!.model).toBe('configured');
    });

    it('streams a chat completion, with usage only when it is asked for', async () => {
      const { openai } = await client();
      const ask = async (includeUsage: boolean) => {
        const stream = await openai.chat.completions.create({
          model: 'm',
          messages: [{ role: 'user', content: '[answer: one two three four]' }],
          stream: true,
          ...(includeUsage && { stream_options: { include_usage: true } }),
        });
        const seen = { text: '', pieces: 0, usage: 0, finish: '' };
        for await (const chunk of stream) {
          const [choice] = chunk.choices;
          if (choice?.delta.content) {
            seen.text += choice.delta.content;
            seen.pieces += 1;
          }
          if (choice?.finish_reason) seen.finish = choice.finish_reason;
          if (chunk.usage) seen.usage += 1;
          if (!includeUsage) expect(chunk.choices).not.toEqual([]);
        }
        return seen;
      };
      expect(await ask(true)).toMatchObject({ text: 'one two three four', usage: 1, finish: 'stop' });
      const without = await ask(false);
      expect(without).toMatchObject({ text: 'one two three four', finish: 'stop' });
      expect(without.pieces).toBeGreaterThan(1);
    });

    it('streams a tool call and takes its result back', async () => {
      const { openai } = await client();
      const tools = [
        { type: 'function' as const, function: { name: 'get_weather', parameters: WEATHER, strict: true } },
      ];
      const first = await openai.chat.completions
        .stream({ model: 'm', messages: [{ role: 'user', content: CALL }], tools })
        .finalChatCompletion();
      const { message, finish_reason: reason } = first.choices[0]!;
      expect(reason).toBe('tool_calls');
      const [call] = message.tool_calls!;
      expect(call).toMatchObject({ function: { name: 'get_weather' } });
      expect(JSON.parse((call as { function: { arguments: string } }).function.arguments)).toEqual({
        city: 'Paris',
      });
      const second = await openai.chat.completions.create({
        model: 'm',
        messages: [
          { role: 'user', content: CALL },
          message,
          { role: 'tool', tool_call_id: call!.id, content: '{"weather":"sunny"}' },
        ],
        tools,
      });
      expect(second.choices[0]!.message.content).toBe('sunny');
    });

    it('gets a whole response and a streamed one', async () => {
      const { openai } = await client();
      const whole = await openai.responses.create({ model: 'm', input: '[answer: hello there]' });
      expect(whole.output_text).toBe('hello there');
      expect(whole.status).toBe('completed');
      const stream = openai.responses.stream({ model: 'm', input: '[answer: one two three]' });
      let text = '';
      let deltas = 0;
      stream.on('response.output_text.delta', ({ delta }) => {
        text += delta;
        deltas += 1;
      });
      const final = await stream.finalResponse();
      expect(final.output).toMatchObject([{ content: [{ type: 'output_text', text: 'one two three' }] }]);
      expect(text).toBe('one two three');
      expect(deltas).toBeGreaterThan(1);
    });

    it('streams a tool call of a response and takes its result back', async () => {
      const { openai } = await client();
      const tools = [{ type: 'function' as const, name: 'get_weather', parameters: WEATHER, strict: true }];
      const first = await openai.responses.stream({ model: 'm', input: CALL, tools }).finalResponse();
      const call = first.output.find((item) => item.type === 'function_call')!;
      expect(call).toMatchObject({ name: 'get_weather' });
      expect(JSON.parse(call.arguments)).toEqual({ city: 'Paris' });
      const second = await openai.responses.create({
        model: 'm',
        tools,
        input: [
          { role: 'user', content: CALL },
          ...(first.output as OpenAI.Responses.ResponseInputItem[]),
          { type: 'function_call_output', call_id: call.call_id, output: 'sunny' },
        ],
      });
      expect(second.output_text).toBe('sunny');
    });

    it('sees the provider’s errors as its own kinds, with code and wait', async () => {
      const { openai, served } = await client();
      const ask = () =>
        openai.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'x' }] });
      served.provider.setScript([
        { kind: 'status', status: 429, wait: { form: 'retry-after', ms: 7000 }, message: 'slow down' },
      ]);
      const limited = await ask().catch((error: unknown) => error);
      expect(limited).toBeInstanceOf(OpenAI.RateLimitError);
      expect(limited).toMatchObject({ status: 429, message: expect.stringContaining('slow down') as string });
      expect((limited as InstanceType<typeof OpenAI.RateLimitError>).headers.get('retry-after')).toBe('7');
      served.provider.setScript([{ kind: 'status', status: 401, message: 'bad key' }]);
      await expect(ask()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
      served.provider.setScript([
        { kind: 'status', status: 404, code: 'model_not_found', message: 'no model' },
      ]);
      await expect(ask()).rejects.toMatchObject({ status: 404, code: 'model_not_found' });
      served.provider.setScript([{ kind: 'status', status: 503 }]);
      await expect(
        openai.chat.completions.create({
          model: 'm',
          messages: [{ role: 'user', content: 'x' }],
          stream: true,
        }),
      ).rejects.toBeInstanceOf(OpenAI.InternalServerError);
    });

    it('learns of a stream that breaks', async () => {
      const { openai, served } = await client({ tokenDelayMs: 2 });
      served.provider.setScript([{ kind: 'reset_mid_body', after: 3 }]);
      const broken = async () => {
        const stream = await openai.chat.completions.create({
          model: 'm',
          messages: [{ role: 'user', content: '[answer: one two three four five six]' }],
          stream: true,
        });
        let text = '';
        for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
        return text;
      };
      await expect(broken()).rejects.toThrow();
    });
  });
}
