import Anthropic from '@anthropic-ai/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { serveModel, UPSTREAMS } from './model-support.js';
import { Cleanup } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const CALL = '[tool: get_weather {"city":"Paris"}] [answer: sunny]';
const tools: Anthropic.Tool[] = [
  {
    name: 'get_weather',
    input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
];

for (const upstream of UPSTREAMS) {
  describe(`the official Anthropic client against a ${upstream} upstream`, () => {
    const client = async () => {
      const served = await serveModel(cleanup, upstream);
      return { served, anthropic: new Anthropic({ baseURL: served.url, apiKey: 'none', maxRetries: 0 }) };
    };
    const base = { model: 'm', max_tokens: 100 };

    it('gets a whole message, under the configured model', async () => {
      const { anthropic, served } = await client();
      const reply = await anthropic.messages.create({
        ...base,
        messages: [{ role: 'user', content: '[answer: hello there]' }],
      });
      expect(reply.content).toMatchObject([{ type: 'text', text: 'hello there' }]);
      expect(reply.stop_reason).toBe('end_turn');
      expect(reply.usage.output_tokens).toBeGreaterThan(0);
      expect(served.provider.requests[0]!.model).toBe('configured');
    });

    it('streams a message', async () => {
      const { anthropic } = await client();
      const stream = anthropic.messages.stream({
        ...base,
        messages: [{ role: 'user', content: '[answer: one two three]' }],
      });
      let pieces = 0;
      stream.on('text', () => (pieces += 1));
      expect(await stream.finalText()).toBe('one two three');
      expect(pieces).toBeGreaterThan(1);
      expect((await stream.finalMessage()).stop_reason).toBe('end_turn');
    });

    it('streams a tool call and takes its result back', async () => {
      const { anthropic } = await client();
      const first = await anthropic.messages
        .stream({ ...base, tools, messages: [{ role: 'user', content: CALL }] })
        .finalMessage();
      expect(first.stop_reason).toBe('tool_use');
      const use = first.content.find((block) => block.type === 'tool_use')!;
      expect(use).toMatchObject({ name: 'get_weather', input: { city: 'Paris' } });
      const second = await anthropic.messages.create({
        ...base,
        tools,
        messages: [
          { role: 'user', content: CALL },
          { role: 'assistant', content: first.content },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: use.id, content: 'sunny' }] },
        ],
      });
      expect(second.content).toMatchObject([{ type: 'text', text: 'sunny' }]);
    });

    it('sees the provider’s errors as its own kinds, with the wait', async () => {
      const { anthropic, served } = await client();
      const ask = () => anthropic.messages.create({ ...base, messages: [{ role: 'user', content: 'x' }] });
      served.provider.setScript([
        { kind: 'status', status: 429, wait: { form: 'retry-after', ms: 7000 }, message: 'slow down' },
      ]);
      const limited = (await ask().catch((error: unknown) => error)) as InstanceType<
        typeof Anthropic.RateLimitError
      >;
      expect(limited).toBeInstanceOf(Anthropic.RateLimitError);
      expect(limited.headers.get('retry-after')).toBe('7');
      expect(limited.error).toMatchObject({ type: 'error', error: { type: 'rate_limit_error' } });
      served.provider.setScript([{ kind: 'status', status: 401 }]);
      await expect(ask()).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
    });

    it('learns of a stream that breaks', async () => {
      const { anthropic, served } = await client();
      served.provider.setScript([{ kind: 'reset_mid_body', after: 3 }]);
      const stream = anthropic.messages.stream({
        ...base,
        messages: [{ role: 'user', content: '[answer: one two three four five six]' }],
      });
      await expect(stream.finalMessage()).rejects.toThrow();
    });
  });
}
