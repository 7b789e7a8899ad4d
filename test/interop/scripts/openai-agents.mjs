// @openai/agents over Responses and Chat, whole and streamed; prints what it saw as JSON.
import {
  Agent,
  OpenAIChatCompletionsModel,
  OpenAIResponsesModel,
  run,
  setTracingDisabled,
  tool,
} from '@openai/agents';
import OpenAI from 'openai';
import { z } from 'zod';

const [, , url, prompt] = process.argv;
setTracingDisabled(true);
const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 });
const calls = [];
const weather = tool({
  name: 'get_weather',
  description: 'Tells the weather.',
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => {
    calls.push(city);
    return `sunny in ${city}`;
  },
});

const seen = {};
for (const [name, Model] of Object.entries({
  responses: OpenAIResponsesModel,
  chat: OpenAIChatCompletionsModel,
})) {
  const agent = new Agent({ name: 'agent', model: new Model(client, 'any'), tools: [weather] });
  const whole = await run(agent, prompt);
  const stream = await run(agent, prompt, { stream: true });
  const pieces = [];
  for await (const event of stream) {
    if (event.type === 'raw_model_stream_event' && event.data.type === 'output_text_delta') {
      pieces.push(event.data.delta);
    }
  }
  await stream.completed;
  const error = await run(agent, '[fail]').then(
    () => null,
    ({ status, message }) => ({ status, message }),
  );
  const usage = whole.rawResponses.map((reply) => reply.usage.totalTokens);
  seen[name] = { text: whole.finalOutput, streamed: stream.finalOutput, pieces, usage, error };
}
console.log(JSON.stringify({ seen, calls }));
