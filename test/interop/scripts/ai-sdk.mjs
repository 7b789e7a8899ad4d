// The AI SDK with each of its providers that speak one of our dialects; prints what it saw as JSON.
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';

globalThis.AI_SDK_LOG_WARNINGS = false;
const [, , url, prompt] = process.argv;
const baseURL = `${url}/v1`;
const apiKey = 'none';
const openai = createOpenAI({ baseURL, apiKey });
const models = {
  responses: openai.responses('any'),
  chat: openai.chat('any'),
  compatible: createOpenAICompatible({ name: 'ngym', baseURL, apiKey, includeUsage: true })('any'),
  anthropic: createAnthropic({ baseURL, apiKey })('any'),
};
const calls = [];
const tools = {
  get_weather: tool({
    description: 'Tells the weather.',
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => {
      calls.push(city);
      return `sunny in ${city}`;
    },
  }),
};

const seen = {};
for (const [name, model] of Object.entries(models)) {
  const asked = { model, tools, prompt, stopWhen: stepCountIs(4), maxRetries: 0, maxOutputTokens: 500 };
  const whole = await generateText(asked);
  const stream = streamText(asked);
  const pieces = [];
  for await (const piece of stream.textStream) pieces.push(piece);
  const error = await generateText({ ...asked, prompt: '[fail]' }).then(
    () => null,
    ({ statusCode, message }) => ({ status: statusCode, message }),
  );
  const usage = [whole.usage.totalTokens, (await stream.usage).totalTokens];
  seen[name] = { text: whole.text, streamed: await stream.text, pieces, usage, error };
}
console.log(JSON.stringify({ seen, calls }));
