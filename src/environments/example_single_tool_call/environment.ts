import { z } from 'zod';
import { defineEnvironment } from '../define-environment.js';

/** One weather tool; every episode that ends is worth 1. */
export const exampleSingleToolCall = defineEnvironment({
  name: 'example_single_tool_call',
  version: 1,
  config: z.object({}),
  reverifyMode: 'stateless',
  tools: {
    get_weather: {
      parameters: z.object({ city: z.string() }),
      run: (_session, { city }) => ({ city, weather_description: `The weather in ${city} is cold.` }),
    },
  },
  verify: () => ({ reward: 1 }),
});
