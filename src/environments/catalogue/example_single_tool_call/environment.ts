import { z } from 'zod';
import { defineEnvironment } from '../../kit/define-environment.js';
import { functionCalls } from '../../kit/function-calls.js';

/** One weather tool; an episode in which it was called, with whatever arguments, is worth 1. */
export const exampleSingleToolCall = defineEnvironment({
  name: 'example_single_tool_call',
  version: 2,
  config: z.object({}),
  reverifyMode: 'stateless',
  tools: {
    get_weather: {
      parameters: z.object({ city: z.string() }),
      run: (_session, { city }) => ({ city, weather_description: `The weather in ${city} is cold.` }),
    },
  },
  verify: ({ response }) => ({ reward: Number(functionCalls(response, 'get_weather').length > 0) }),
});
