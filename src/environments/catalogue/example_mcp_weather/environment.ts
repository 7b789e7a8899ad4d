import { z } from 'zod';
import { casefold } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { assistantLines } from '../../kit/reply-text.js';
import { taskKeys } from '../../kit/row-keys.js';

const weatherIn = (city: string): string => `The weather in ${city} is sunny and 72 F.`;

/** One weather tool, offered over HTTP and MCP: it must have been asked for the city, and its answer passed on. */
export const exampleMcpWeather = defineEnvironment({
  name: 'example_mcp_weather',
  version: 1,
  config: z.object({}),
  reverifyMode: 'unsupported',
  row: z.object({
    verifier_metadata: z.looseObject({ expected_city: z.string().optional() }).nullable().default(null),
  }),
  open: () => ({ cities: [] as string[] }),
  tools: {
    get_weather: {
      description: 'Get a deterministic weather report for a city.',
      parameters: z.object({ city: z.string() }),
      run(session, { city }) {
        session.cities.push(city);
        return { weather: weatherIn(city) };
      },
    },
  },
  verify({ session, row, response }) {
    const city = row.verifier_metadata?.expected_city ?? 'Paris';
    const asked = session.cities.some((one) => casefold(one) === casefold(city));
    const told = casefold(assistantLines(response)).includes(casefold(weatherIn(city)));
    return {
      ...taskKeys(row),
      reward: Number(asked && told),
      expected_weather: weatherIn(city),
      tool_call_seen: asked,
      final_response_mentions_weather: told,
    };
  },
});
